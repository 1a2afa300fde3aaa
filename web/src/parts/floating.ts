/** Where something stands that opens beside something else, and how arrows move in a grid. */

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Size {
  width: number;
  height: number;
}

const GAP_PX = 4;
const EDGE_PX = 8;

/**
 * Under its anchor, with the edges in line where lines end; above it where there is no room; always on the screen.
 * `start` is counted from the edge where lines begin.
 */
export function placeBeside(
  anchor: Box,
  { width, height }: Size,
  screen: Size,
  rtl = false,
): { start: number; top: number } {
  const under = anchor.bottom + GAP_PX;
  const over = anchor.top - GAP_PX - height;
  const lowest = screen.height - EDGE_PX - height;
  const top = under <= lowest || over < EDGE_PX ? Math.min(under, lowest) : over;
  const end = rtl ? screen.width - anchor.left : anchor.right;
  const start = Math.min(end - width, screen.width - EDGE_PX - width);
  return { start: Math.max(EDGE_PX, start), top: Math.max(EDGE_PX, top) };
}

/** The place to which a key moves in a grid that is filled row by row; null when the key does not move. */
export function movedInGrid(
  key: string,
  at: number,
  count: number,
  columns: number,
  rtl = false,
): number | null {
  const ahead = rtl ? -1 : 1;
  const rowStart = at - (at % columns);
  const to: Record<string, number> = {
    ArrowLeft: at - ahead,
    ArrowRight: at + ahead,
    ArrowUp: at - columns,
    ArrowDown: at + columns,
    Home: rowStart,
    End: Math.min(rowStart + columns, count) - 1,
  };
  const next = to[key];
  if (next === undefined) return null;
  if (key === "ArrowDown" && next >= count && rowStart + columns < count) return count - 1;
  return next >= 0 && next < count ? next : at;
}

/** The place to which a key moves in a list that goes round; null when the key does not move. */
export function movedInList(key: string, at: number, count: number): number | null {
  if (count === 0) return null;
  if (key === "ArrowDown") return (at + 1) % count;
  if (key === "ArrowUp") return at <= 0 ? count - 1 : at - 1;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : null;
}

/** Whether its lines begin at the right. */
export const isRightToLeft = (element: Element): boolean => getComputedStyle(element).direction === "rtl";
