export const handler = async () => "kept";
