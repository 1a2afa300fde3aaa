/** Addresses of pictures as they were picked, by the id of the file: shown until the server's own are here. */

const KEPT_MAX = 60;
const urls = new Map<string, string>();

export function localUrl(id: string, blob: Blob): string {
  const held = urls.get(id);
  if (held) return held;
  const url = URL.createObjectURL(blob);
  urls.set(id, url);
  for (const oldest of urls.keys()) if (urls.size > KEPT_MAX) forgetLocal(oldest);
  return url;
}

/** Of one's own message that has just gone out; null for everybody else's. */
export const localOf = (id: string): string | null => urls.get(id) ?? null;

export function renamedLocal(before: string, id: string): void {
  const url = urls.get(before);
  if (!url) return;
  urls.delete(before);
  urls.set(id, url);
}

export function forgetLocal(id: string): void {
  const url = urls.get(id);
  if (url) URL.revokeObjectURL(url);
  urls.delete(id);
}

export function forgetAllLocal(): void {
  for (const id of [...urls.keys()]) forgetLocal(id);
}
