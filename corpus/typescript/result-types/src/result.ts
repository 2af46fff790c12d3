export type Result<T> = [error: Error, value: undefined] | [error: undefined, value: T];

export async function attempt<T>(promise: Promise<T>): Promise<Result<T>> {
  try {
    return [undefined, await promise];
  } catch (error) {
    return [error as Error, undefined];
  }
}
