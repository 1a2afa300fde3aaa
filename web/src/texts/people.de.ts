/** Die Leute eines Vereins, was sie darin tun und wie sie zusammen heißen. */

import type { Texts } from "./en";
import { plural } from "./speech";

const lang = "de";
const n = (count: number) => count.toLocaleString(lang);
const people = (count: number) => plural(lang, count, { one: "1 Person", other: `${n(count)} Personen` });

export const labels: Texts["labels"] = {
  title: "Labels",
  lead: "Wie Leute zusammen heißen können: eine Stimme, eine Mannschaft, der Vorstand. Alle im Verein sehen, wer welche trägt.",
  none: "Es gibt noch keine Labels.",
  noneLead:
    "Mach eines für jede Stimme, jede Mannschaft oder den Vorstand. Man findet Leute danach, und @ ruft alle, die es tragen.",
  name: "Name des Labels",
  make: "Label anlegen",
  rename: (name) => `${name} umbenennen`,
  save: "Speichern",
  delete: (name) => `${name} löschen`,
  deleteTitle: (name) => `Das Label ${name} löschen?`,
  deleteLead: (count) =>
    count === 0
      ? "Niemand trägt es."
      : plural(lang, count, {
          one: "1 Person trägt es. Sie bleibt im Verein und trägt es nicht mehr.",
          other: `${n(count)} Personen tragen es. Sie bleiben im Verein und tragen es nicht mehr.`,
        }),
  deleteCalls: "Es ruft niemanden mehr, und wo es gerufen wurde, steht „ein früheres Label“.",
  carriedBy: (count) => (count === 0 ? "noch niemand" : people(count)),
  gone: "ein früheres Label",
  missing: "Das Label braucht einen Namen.",
  pick: "Labels",
  more: (count) => `und ${n(count)} weitere`,
  everybodyWith: "Alle mit dem Label",
  choose: "Ein Label wählen",
  addAll: (name, count) => `${name}, ${people(count)}`,
};

export const person: Texts["person"] = {
  count: (shown, all) => (shown === all ? people(all) : `${n(shown)} von ${people(all)}`),
  everybody: "Alle",
  roles: "Was sie tun",
  admins: "Inhaber und Admins",
  members: "Mitglieder",
  noDevice: "Ohne Gerät",
  noDeviceLead: "Noch hat sich niemand so angemeldet. Wer den Verein leitet, handelt für diese Person.",
  anyLabel: "Alle Labels",
  noLabel: "Ohne Label",
  nobody: "So jemand ist nicht hier.",
  manageLabels: "Labels des Vereins",
  several: "Mehrere wählen",
  severalDone: "Fertig",
  chosen: (count) => `${n(count)} gewählt`,
  chooseAll: (count) => `Alle ${n(count)} wählen`,
  label: "Labels der Gewählten",
  carrying: (count, all) => `${n(count)} von ${n(all)} tragen es`,
  give: (name) => `${name} geben`,
  giveShort: "Geben",
  take: (name) => `${name} abnehmen`,
  takeShort: "Abnehmen",
  gone: "jemand, der gegangen ist",
  message: "Schreiben",
  role: "Im Verein",
  ownerLead: "Entscheidet alles, auch wer mitentscheidet.",
  adminLead: "Lädt ein, gibt Labels, leitet die Räume, entfernt Mitglieder.",
  memberLead: "Liest und schreibt.",
  makeTitle: { owner: "Zum Inhaber machen?", admin: "Zum Admin machen?", member: "Zum Mitglied machen?" },
  makeLead: {
    owner: (name) =>
      `${name} kann dann alles, was du kannst, und könnte es dir auch nehmen. Du bleibst Inhaber.`,
    admin: (name) =>
      `${name} kann dann einladen, Labels geben, die Räume leiten und Mitglieder entfernen, und sieht, wer herein möchte und was gemeldet ist.`,
    member: (name) =>
      `${name} leitet den Verein nicht mehr mit und sieht nicht mehr, wer herein möchte und was gemeldet ist.`,
  },
  make: { owner: "Zum Inhaber machen", admin: "Zum Admin machen", member: "Zum Mitglied machen" },
  handOver: (name) => `Den Verein an ${name} übergeben`,
  handOverTitle: (name) => `Den Verein an ${name} übergeben?`,
  handOverLead: (name) =>
    `${name} wird Inhaber und du Admin, in einem Zug. Nur ein Inhaber kann das zurücknehmen.`,
  handOverConfirm: "Übergeben",
  stepDown: "Zurücktreten",
  stepDownTitle: "Zurücktreten?",
  stepDownLead:
    "Du wirst Mitglied und siehst nicht mehr, wer herein möchte und was gemeldet ist. Nur ein Inhaber kann das zurücknehmen.",
  signInFirst: (name) =>
    `${name} braucht zuerst E-Mail-Adresse und Passwort oder einen Passkey: Mit einem Gerät darf kein Verein verloren gehen.`,
};
