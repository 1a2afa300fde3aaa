/** Wo ein Teil des Clients nicht zu bekommen ist, auf Deutsch. */

import type { Texts } from "./en";

export const late: Texts["parts"]["late"] = {
  title: "Dieser Teil ist nicht angekommen.",
  page: "Diese Seite braucht eine Verbindung.",
  pageLead:
    "Auf diesem Gerät wurde sie noch nicht gelesen. Einmal gelesen, öffnet sie sich auch ohne Verbindung.",
  lead: "Gerade besteht keine Verbindung, oder es gibt eine neue Version von Clubroom. Was du geschrieben hast, bleibt erhalten.",
};
