/** The part of a picture that somebody chose, as small as it is ever shown. */

/** In pixels of the picture as one sees it. */
export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

const QUALITY = 0.9;

/** At most so wide; nothing is made larger. Rejects where the browser cannot do it. */
export async function cropped(image: HTMLImageElement, area: Area, widthMax: number): Promise<Blob> {
  const by = Math.min(1, widthMax / area.width);
  const [width, height] = [area.width, area.height].map((side) => Math.max(1, Math.round(side * by))) as [
    number,
    number,
  ];
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d")!;
  context.imageSmoothingQuality = "high";
  context.drawImage(image, area.x, area.y, area.width, area.height, 0, 0, width, height);
  // a browser that writes no WebP makes a PNG of it
  const blob = await new Promise<Blob | null>((made) => canvas.toBlob(made, "image/webp", QUALITY));
  if (!blob) throw new Error("no picture");
  return blob;
}
