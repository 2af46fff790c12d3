export const nameOf = (name: string): string => '/'.concat('greenhouse', '/', name);
