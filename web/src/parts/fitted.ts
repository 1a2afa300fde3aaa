/** How large a picture alone in a message is drawn: as it is, but within this; of unknown size as a photo. */

const WIDTH_MAX = 420;
const HEIGHT_MAX = 320;
/** Under this nobody could hit it. */
const SIDE_MIN = 64;

export function fitted(width: number, height: number): { width: number; height: number } {
  if (!width || !height) return { width: 320, height: 240 };
  const by = Math.min(1, WIDTH_MAX / width, HEIGHT_MAX / height);
  return {
    width: Math.max(SIDE_MIN, Math.round(width * by)),
    height: Math.max(SIDE_MIN, Math.round(height * by)),
  };
}
