/** Tells once that something is on the screen, or will be in a moment. One observer for all of them. */

const AHEAD = { rootMargin: "800px", scrollMargin: "800px" };
const waiting = new WeakMap<Element, () => void>();
let observer: IntersectionObserver | null = null;

export function whenNear(element: Element, tell: () => void): () => void {
  observer ??= new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      observer!.unobserve(target);
      waiting.get(target)?.();
    }
  }, AHEAD);
  const watching = observer;
  waiting.set(element, tell);
  watching.observe(element);
  return () => watching.unobserve(element);
}
