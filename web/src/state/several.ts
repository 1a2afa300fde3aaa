/** Some at a time, until `next` has no more. */
export async function several<T>(
  atOnce: number,
  next: () => T | undefined,
  work: (one: T) => Promise<unknown>,
): Promise<void> {
  const worker = async () => {
    for (let one = next(); one !== undefined; one = next()) await work(one);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
