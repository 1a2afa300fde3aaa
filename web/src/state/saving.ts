/** What somebody takes onto their own device. */

/** Long enough for a browser that asks first where it is to go. */
const KEPT_MS = 60_000;

export function saveBlob(blob: Blob, name: string): void {
  const local = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = local;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(local), KEPT_MS);
}

export const saveTable = (text: string, name: string): void =>
  saveBlob(new Blob([text], { type: "text/csv;charset=utf-8" }), name);
