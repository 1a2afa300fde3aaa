/** One at a time across the tabs of this browser; only within this tab where the browser has no locks. */

const tails = new Map<string, Promise<unknown>>();

export function oneAtATime<T>(name: string, work: () => Promise<T>): Promise<T> {
  if (navigator.locks) return navigator.locks.request(name, work) as Promise<T>;
  const turn = (tails.get(name) ?? Promise.resolve()).then(work, work);
  tails.set(
    name,
    turn.catch(() => undefined),
  );
  return turn;
}
