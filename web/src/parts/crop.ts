/** Which part of a picture is kept: geometry alone. Lengths are in pixels, unless it is said otherwise. Pure. */

export interface Size {
  width: number;
  height: number;
}

/** `x` and `y` = where the middle is, in parts of the picture (0 to 1); `zoom` 1 = as much of it as there is. */
export interface Crop {
  x: number;
  y: number;
  zoom: number;
}

export const ZOOM_MAX = 6;
export const WHOLE: Crop = { x: 0.5, y: 0.5, zoom: 1 };

const between = (low: number, value: number, high: number) => Math.min(Math.max(low, value), high);

/** How much of a picture is kept, in its own pixels. `aspect` = width by height. */
export function keptOf(picture: Size, aspect: number, zoom: number): Size {
  const width = Math.min(picture.width, picture.height * aspect) / zoom;
  return { width, height: width / aspect };
}

/** The same, with nothing kept that lies beside the picture. */
export function fit(crop: Crop, picture: Size, aspect: number): Crop {
  const zoom = between(1, crop.zoom, ZOOM_MAX);
  const kept = keptOf(picture, aspect, zoom);
  const [halfX, halfY] = [kept.width / picture.width / 2, kept.height / picture.height / 2];
  return { zoom, x: between(halfX, crop.x, 1 - halfX), y: between(halfY, crop.y, 1 - halfY) };
}

/** By so many parts of what is kept: what is dragged to the right shows more of the left. */
export function moved(crop: Crop, picture: Size, aspect: number, by: { x: number; y: number }): Crop {
  const kept = keptOf(picture, aspect, crop.zoom);
  const x = crop.x - (by.x * kept.width) / picture.width;
  const y = crop.y - (by.y * kept.height) / picture.height;
  return fit({ ...crop, x, y }, picture, aspect);
}

/** So many times larger; what is at this place of the frame (0 to 1, from its middle -½ to ½) stays there. */
export function zoomed(
  crop: Crop,
  picture: Size,
  aspect: number,
  by: number,
  at: { x: number; y: number } = { x: 0, y: 0 },
): Crop {
  const zoom = between(1, crop.zoom * by, ZOOM_MAX);
  const [before, after] = [keptOf(picture, aspect, crop.zoom), keptOf(picture, aspect, zoom)];
  const x = crop.x + (at.x * (before.width - after.width)) / picture.width;
  const y = crop.y + (at.y * (before.height - after.height)) / picture.height;
  return fit({ zoom, x, y }, picture, aspect);
}

/** What is kept, in whole pixels of the picture. */
export function areaOf(crop: Crop, picture: Size, aspect: number): Size & { x: number; y: number } {
  const kept = keptOf(picture, aspect, crop.zoom);
  const width = between(1, Math.round(kept.width), picture.width);
  const height = between(1, Math.round(kept.height), picture.height);
  const x = between(0, Math.round(crop.x * picture.width - kept.width / 2), picture.width - width);
  const y = between(0, Math.round(crop.y * picture.height - kept.height / 2), picture.height - height);
  return { x, y, width, height };
}
