/** Where not even the words could be had: what can be said without them, in both languages. */

import { renewShell } from "./state/shell";

const SAID = {
  en: { text: "Clubroom could not be loaded.", action: "Load again" },
  de: { text: "Clubroom konnte nicht geladen werden.", action: "Neu laden" },
};

/** Says so, in what this browser reads first, and lets one try again. */
export function sayUnable(target: HTMLElement): void {
  const first = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag in SAID);
  const lang = first === "de" ? "de" : "en";
  const { text, action } = SAID[lang];
  const said = document.createElement("p");
  said.textContent = text;
  said.role = "alert";
  const again = document.createElement("button");
  again.textContent = action;
  again.onclick = () => {
    again.disabled = true;
    void renewShell();
  };
  const main = document.createElement("main");
  main.lang = lang;
  main.className = "unable";
  main.append(said, again);
  target.replaceChildren(main);
}
