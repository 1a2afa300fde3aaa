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

/** Under its anchor, with their right edges in line; above it where there is no room; always on the screen. */
export function placeBeside(
  anchor: Box,
  { width, height }: Size,
  screen: Size,
): { left: number; top: number } {
  const under = anchor.bottom + GAP_PX;
  const over = anchor.top - GAP_PX - height;
  const lowest = screen.height - EDGE_PX - height;
  const top = under <= lowest || over < EDGE_PX ? Math.min(under, lowest) : over;
  const left = Math.min(anchor.right - width, screen.width - EDGE_PX - width);
  return { left: Math.max(EDGE_PX, left), top: Math.max(EDGE_PX, top) };
}

/** The place to which a key moves in a grid that is filled row by row; null when the key does not move. */
export function movedInGrid(key: string, at: number, count: number, columns: number): number | null {
  const rowStart = at - (at % columns);
  const to: Record<string, number> = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
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
