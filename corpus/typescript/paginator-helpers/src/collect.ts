/** Gathers a member of all pages. */
export async function collect<P, T>(
  pages: AsyncIterable<P>,
  select: (page: P) => T[] | undefined,
): Promise<T[]> {
  const found: T[] = [];
  for await (const page of pages) {
    found.push(...(select(page) ?? []));
  }
  return found;
}
