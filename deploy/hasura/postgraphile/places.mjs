// How much one person, and all together, may have answered at once.

export const OF_ONE_MAX = 2;
export const AT_ONCE_MAX = 20;

export class Full extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Places for questions: nobody can take those of the others. */
export class Places {
  #taken = new Map(); // by user id; whoever has none is not in it
  #all = 0;

  /** A place of this person's, until what this returns is called. Throws Full. */
  take(user) {
    const own = this.#taken.get(user) ?? 0;
    if (own >= OF_ONE_MAX) throw new Full(429, `At most ${OF_ONE_MAX} questions at once.`);
    if (this.#all >= AT_ONCE_MAX) throw new Full(503, "Too many ask at once.");
    this.#taken.set(user, own + 1);
    this.#all += 1;
    return () => this.#giveBack(user);
  }

  #giveBack(user) {
    const left = this.#taken.get(user) - 1;
    if (left) this.#taken.set(user, left);
    else this.#taken.delete(user);
    this.#all -= 1;
  }
}
