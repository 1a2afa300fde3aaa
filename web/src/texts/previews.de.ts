/** Die Wörter zu dem, was ein Link zeigt, auf Deutsch. */

import type { preview as english } from "./previews.en";

export const preview: typeof english = {
  of: (title, host) => `${title}, auf ${host}`,
  remove: "Vorschau entfernen",
  notRemoved: "Die Vorschau ließ sich nicht entfernen.",
};
