/** The row one is reading, and where it stands: put back there after whatever changed around it. */

export interface Anchor {
  element: Element;
  top: number;
}

/** Rows are in order from top to bottom, so the first visible one is found by halving. */
export function anchorIn(scroller: Element, rows: ArrayLike<Element>): Anchor | null {
  const edge = scroller.getBoundingClientRect().top;
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]!.getBoundingClientRect().bottom > edge + 1) high = middle;
    else low = middle + 1;
  }
  const row = rows[low];
  if (!row) return null;
  // The body, not the row: a name or a day above it may come or go when older messages arrive.
  const element = row.querySelector("[data-body]") ?? row;
  return { element, top: element.getBoundingClientRect().top };
}

export function restore(scroller: Element, anchor: Anchor | null): void {
  if (!anchor?.element.isConnected) return;
  const moved = anchor.element.getBoundingClientRect().top - anchor.top;
  if (Math.abs(moved) > 0.5) scroller.scrollTop += moved;
}

/** The last row whose end is on the screen, or which fills it. */
export function lastVisible(scroller: Element, rows: ArrayLike<Element>): Element | null {
  const { bottom, height } = scroller.getBoundingClientRect();
  let found: Element | null = null;
  for (let i = rows.length - 1; i >= 0 && !found; i--) {
    const box = rows[i]!.getBoundingClientRect();
    if (box.bottom <= bottom + 2 || (box.top < bottom && box.top < bottom - height / 2)) found = rows[i]!;
  }
  return found;
}
