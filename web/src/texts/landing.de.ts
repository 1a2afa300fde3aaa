/** Die erste Seite, die jemand sieht, auf Deutsch. Was an den Türen steht, sagt `t.doors`. */

import type { Landing } from "./landing.en";

export const landing: Landing = {
  title: "Clubroom: ein Zuhause für deinen Verein",
  description:
    "Ein Zuhause für Vereine: ein Chat für alle, die Termine, und wer kommt. Quelloffen, kostenlos, ohne Werbung.",
  skip: "Zu den Türen",
  other: "English",
  picture:
    "Der Chat eines Chors. Darin steht ein Termin: Herbstkonzert, Samstag, 28. November, 12 von 20 Plätzen sind vergeben. Du bist dabei.",
  chat: {
    club: "Lindenhof-Chor",
    room: "Alle",
    members: "34 Mitglieder, 9 sind da",
    first: { who: "Hedwig", initials: "HK", text: "In die Kapelle passen zwanzig von uns. Wer singt mit?" },
    second: { who: "Amir", initials: "AN", text: "Ich bin dabei. Zwei Autos bringe ich mit." },
    event: "Herbstkonzert",
    date: "Samstag, 28. November",
    line: "18:30, Kapelle Lindenhof",
    leaf: { weekday: "Sa", weekdayLong: "Samstag", day: "28", month: "Nov", monthLong: "November" },
    lanes: ["Sopran", "Alt", "Tenor", "Bass"],
    summary: { strong: "12 von 20", rest: " Plätzen vergeben, Tenöre voll" },
  },
  why: "Warum Vereine gern hier sind",
  reasons: [
    {
      title: "Alle kommen hinein",
      text: "Ein Code und ein Name, mehr nicht. Kein App-Laden, keine Telefonnummer, keine Adresse.",
    },
    {
      title: "Du siehst, wer kommt",
      text: "Jeder Platz ist ein Fenster, und ein vergebener leuchtet. Wer spät kommt, wartet und rückt von selbst nach.",
    },
    {
      title: "Nichts geht verloren",
      text: "Ohne Verbindung schreibst du einfach weiter. Es geht von selbst hinaus, einmal, in der richtigen Reihenfolge.",
    },
    {
      title: "Es bleibt unter euch",
      text: "Keine Werbung, keine Verfolgung. Termine, Räume und Mitglieder liegen nicht an fünf anderen Orten verstreut.",
    },
  ],
  whom: {
    title: "Für wen",
    text: "Für den Schachklub, den Chor, die Fachschaft. Für dreißig Leute oder dreitausend.",
  },
  cost: {
    title: "Was es kostet",
    text: "Nichts. Clubroom ist quelloffen, unter der Apache-Lizenz, und jemand betreibt es für euch.",
    named: "Diesen Ort betreibt",
  },
  back: "Wie du wieder hineinkommst",
  backText:
    "Auf diesem Gerät bleibst du angemeldet. Auf einem anderen nimmst du einen Link aus deinen Einstellungen, E-Mail-Adresse und Passwort, oder einen Passkey.",
};
