/** Photos are made smaller before they are sent: off the main thread, where the browser can do that. */

import { SENT_IMAGES } from "./choosing";

export const LONG_SIDE_MAX = 2_560;
/** So small a file is left as it is. */
const LEFT_BYTES_MAX = 1_500_000;
const QUALITY = 0.84;

export interface Scaled {
  blob: Blob;
  width: number;
  height: number;
}

export function fitting(width: number, height: number): { width: number; height: number } {
  const by = Math.min(1, LONG_SIDE_MAX / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * by)), height: Math.max(1, Math.round(height * by)) };
}

/** Where this runs. Rejects where the browser cannot read the picture. */
export async function scaledHere(blob: Blob): Promise<Scaled> {
  const whole = await createImageBitmap(blob);
  try {
    const { width, height } = fitting(whole.width, whole.height);
    const fits = width === whole.width && height === whole.height;
    const original = { blob, width: whole.width, height: whole.height };
    if (blob.type === "image/gif" || (fits && sendable(blob) && blob.size <= LEFT_BYTES_MAX)) return original;
    const made = await drawn(whole, width, height, blob.type);
    if (fits && sendable(blob) && made.size >= blob.size) return original;
    return { blob: made, width, height };
  } finally {
    whole.close();
  }
}

const sendable = (blob: Blob) => SENT_IMAGES.has(blob.type);

async function drawn(whole: ImageBitmap, width: number, height: number, was: string): Promise<Blob> {
  const resized = await createImageBitmap(whole, {
    resizeWidth: width,
    resizeHeight: height,
    resizeQuality: "high",
  });
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d")!.drawImage(resized, 0, 0);
  resized.close();
  const webp = await canvas.convertToBlob({ type: "image/webp", quality: QUALITY });
  if (webp.type === "image/webp") return webp;
  const second = was === "image/png" || was === "image/webp" ? "image/png" : "image/jpeg";
  return canvas.convertToBlob({ type: second, quality: QUALITY });
}

interface Awaited {
  resolve: (scaled: Scaled) => void;
  reject: (why: Error) => void;
}

let worker: Worker | null = null;
let asked = 0;
const awaited = new Map<number, Awaited>();

/** What the worker says: of which question, and the picture or that there is none. */
export type FromScaler = { n: number; scaled: Scaled | null };

/** Off the main thread. Where there is no such worker it runs here, between other things. */
export function scaled(blob: Blob): Promise<Scaled> {
  const scaler = scalerThere();
  if (!scaler) return scaledHere(blob);
  return new Promise<Scaled>((resolve, reject) => {
    awaited.set(++asked, { resolve, reject });
    scaler.postMessage({ n: asked, blob });
  });
}

function scalerThere(): Worker | null {
  if (typeof Worker === "undefined" || typeof OffscreenCanvas === "undefined") return null;
  if (worker) return worker;
  worker = new Worker(new URL("./scaler.worker.ts", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }: MessageEvent<FromScaler>) => {
    const one = awaited.get(data.n);
    awaited.delete(data.n);
    if (data.scaled) one?.resolve(data.scaled);
    else one?.reject(new Error("no picture"));
  };
  worker.onerror = () => {
    worker = null; // it could not be loaded, or has died: the next picture starts another
    for (const one of awaited.values()) one.reject(new Error("no picture"));
    awaited.clear();
  };
  return worker;
}
