/** On the screen, or shortly before: what nobody comes to see is not fetched. An attachment. */

const AHEAD = { rootMargin: "800px", scrollMargin: "800px" };

export function near(seen: () => void): (element: HTMLElement) => () => void {
  return (element) => {
    const watcher = new IntersectionObserver((found) => {
      if (found.some((one) => one.isIntersecting)) seen();
    }, AHEAD);
    watcher.observe(element);
    return () => watcher.disconnect();
  };
}
