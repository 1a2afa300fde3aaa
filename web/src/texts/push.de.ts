/** Von Nachrichten erfahren: auf diesem Gerät, und warum eine kam oder nicht. */

import type * as english from "./push.en";

export const push: typeof english.push = {
  title: "Mitteilungen",
  hint: "Auf diesem Gerät, Ruhezeiten, Mails",
  here: "Dieses Gerät",
  everywhere: "Auf allen deinen Geräten",

  offer: "Sollen wir dir sagen, wenn jemand schreibt?",
  offerHint: "Auf diesem Gerät, auch wenn Clubroom zu ist.",
  offerOn: "Einschalten",
  offerHow: "So geht es",
  offerNo: "Nein, danke",

  off: "Clubroom kann dir hier sagen, wenn jemand schreibt, auch wenn es zu ist. Dein Browser fragt dich einmal, ob das sein darf.",
  turnOn: "Mitteilungen einschalten",
  undecided: "Der Browser bekam keine Antwort. Drücke nochmals, wann immer du magst.",
  on: "Du erfährst es hier, auch wenn Clubroom zu ist. Was du anderswo liest, verschwindet hier von selbst.",
  turnOff: "Hier ausschalten",
  test: "Probe senden",
  tested: "Unterwegs. Sie erscheint in ein paar Sekunden.",
  testedHint:
    "Nichts zu sehen? Dann hält das Gerät sie zurück: Erlaube dem Browser Mitteilungen in den Einstellungen des Geräts, und sieh nach, ob „Nicht stören“ an ist.",
  failed: "Die letzte kam nicht an. Schalte die Mitteilungen hier aus und wieder ein.",
  noWay:
    "Dieser Browser konnte nicht angemeldet werden. Versuche es gleich nochmals, oder in einem anderen Browser.",

  blocked: "Mitteilungen von Clubroom sind in diesem Browser gesperrt. Nur du kannst sie wieder erlauben:",
  cures: {
    chromium: [
      "Drücke auf das Zeichen links von der Adresse.",
      "Schalte „Benachrichtigungen“ ein.",
      "Komm hierher zurück und schalte sie ein.",
    ],
    firefox: [
      "Drücke auf das Zeichen links von der Adresse.",
      "Drücke neben „Benachrichtigungen senden“ auf das Kreuz bei „Blockiert“.",
      "Komm hierher zurück und schalte sie ein.",
    ],
    safari: [
      "Öffne oben im Menü Safari, dann Einstellungen.",
      "Wähle „Websites“, dann „Mitteilungen“.",
      "Stelle die Adresse von Clubroom auf „Erlauben“, und komm hierher zurück.",
    ],
    android: [
      "Drücke auf das Zeichen links von der Adresse, dann auf „Berechtigungen“. Ist Clubroom installiert, halte den Finger auf sein Symbol und öffne „App-Info“.",
      "Erlaube „Benachrichtigungen“.",
      "Komm hierher zurück und schalte sie ein.",
    ],
    ios: [
      "Öffne die Einstellungen deines Geräts.",
      "Wähle „Mitteilungen“, dann „Clubroom“.",
      "Schalte „Mitteilungen erlauben“ ein, und komm hierher zurück.",
    ],
  },
  homeScreen: "Auf einem iPhone oder iPad gehen Mitteilungen, sobald Clubroom auf dem Home-Bildschirm ist:",
  homeSteps: [
    "Drücke auf „Teilen“, das Viereck mit dem Pfeil.",
    "Wähle „Zum Home-Bildschirm“.",
    "Mach hier einen Link zum Anmelden und kopiere ihn: Einstellungen, Geräte, „Weiteres Gerät“.",
    "Öffne Clubroom vom Home-Bildschirm, und melde dich dort an: Füge den Link in das Feld für die E-Mail ein.",
    "Schalte dort die Mitteilungen unter Einstellungen ein.",
  ],
  insecure:
    "Mitteilungen brauchen eine sichere Adresse, eine, die mit https beginnt. Frage die Person danach, die diesen Ort betreibt.",
  unsupported:
    "Dieser Browser kann keine Mitteilungen zeigen. Versuche es mit einem neueren oder auf einem anderen Gerät.",
};

export const why: typeof english.why = {
  title: "Warum habe ich das (nicht) bekommen?",
  outcomes: {
    own: "Du hast sie selbst geschrieben.",
    before: "Du warst hier noch nicht dabei, als sie geschrieben wurde.",
    shown: "Du hattest sie vor dir: Der Raum war auf einem deiner Geräte offen.",
    read: "Du hattest sie gelesen, bevor etwas zu senden war.",
    blocked: "Du hast blockiert, wer sie geschrieben hat.",
    unfollowed: "Es wurde nichts gesendet, weil du diesem Raum nicht folgst.",
    muted: "Es wurde nichts gesendet, weil du das hier stumm geschaltet hattest.",
    level: "Es wurde nichts gesendet, so wie du es für diesen Raum gewählt hast.",
    quiet: "Es wurde nichts gesendet, weil sie in deine Ruhezeit fiel.",
    none: "Es gab kein Gerät, auf dem du davon erfahren wolltest.",
    pushed: "Du hast es auf deinen Geräten erfahren.",
    mailed: "Sie ging als E-Mail an dich.",
    collapsed: "Statt von ihr hast du von einer neueren Nachricht hier erfahren.",
    unwanted: "Als sie hätte hinausgehen können, wolltest du davon nichts mehr hören.",
    withdrawn:
      "Du hast es erfahren und sie dann auf einem anderen Gerät gelesen: Darum verschwand es wieder.",
    gone: "Sie wurde gelöscht oder war dir nicht mehr zugänglich, bevor etwas gesendet wurde.",
    failed: "Es wurde mehrmals versucht und kam nicht durch.",
    waits: "Das ist noch nicht entschieden. Sieh in ein paar Sekunden nochmals nach.",
    forgotten: "Das ist zu lange her: So etwas bleibt nur eine Weile aufgehoben.",
  },
  devices: "Wo",
  kinds: {
    web: "Ein Browser",
    apns: "Ein iPhone oder iPad",
    fcm: "Ein Android-Gerät",
    unknown: "Ein Gerät",
  },
  here: "dieses Gerät",
  short: {
    read: "schon gelesen",
    pushed: "gesendet",
    collapsed: "eine neuere stattdessen",
    unwanted: "nicht mehr erwünscht",
    withdrawn: "zurückgenommen",
    gone: "nicht mehr da",
    failed: "kam nicht durch",
    waits: "noch nicht entschieden",
  },
  at: (what: string, day: string, time: string) => `${what}, ${day}, ${time}`,
  changeRoom: "Für diesen Raum ändern",
  changeQuiet: "Zu deinen Ruhezeiten",
  turnOn: "Mitteilungen hier einschalten",
};
