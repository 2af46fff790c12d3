export const Bucket = process.env.BUCKET!;
