/** What happens while answers are on their way, for each apart: an answer may be older than that. */
export class Meanwhile<T> {
  #open = new Set<T[]>();

  happened(one: T): void {
    for (const list of this.#open) list.push(one);
  }

  /** `work` asks, and does to the answer what has happened since. */
  async during<R>(work: (since: readonly T[]) => Promise<R>): Promise<R> {
    const since: T[] = [];
    this.#open.add(since);
    try {
      return await work(since);
    } finally {
      this.#open.delete(since);
    }
  }
}
