/** Every word on the screen, in German. */

import type { Texts } from "./en";
import * as inAccount from "./account.de";
import { activity } from "./activity.de";
import * as ofEventForm from "./eventForm.de";
import { events } from "./events.de";
import { parts } from "./parts.de";
import * as bringing from "./bring.de";
import * as ofPeople from "./people.de";
import * as atTheDoor from "./door.de";
import * as inClub from "./club.de";
import * as inRooms from "./rooms.de";
import { calendar } from "./calendar.de";
import { letters } from "./letters.de";
import * as ofPush from "./push.de";
import { topicErrors } from "./errors.de";
import { search } from "./search.de";
import { listOf, plural } from "./speech";

const lang = "de";
const has = (name: string) => (name === "Du" ? "hast" : "hat");
const n = (count: number) => count.toLocaleString(lang);

export const de: Texts = {
  lang,
  dir: "ltr",
  app: "Clubroom",
  close: "Schließen",
  cancel: "Abbrechen",
  back: "Zurück",
  copy: "Link kopieren",
  copied: "Kopiert",
  loading: "Einen Moment …",
  tryAgain: "Noch einmal versuchen",

  doors: {
    title: "Komm herein.",
    lead: "Ein Ort für deinen Verein: was gesagt wird, wann etwas ist, und wer kommt.",
    join: "Beitreten",
    joinHint: "Du hast einen Code oder Link",
    create: "Verein gründen",
    createHint: "Du öffnest anderen die Tür",
    member: "Schon Mitglied?",
    signIn: "Anmelden",
    signedInAs: (name) => `Angemeldet als ${name}.`,
    settings: "Einstellungen",
    about: "Was ist Clubroom?",
    privacy: "Datenschutz",
    terms: "Bedingungen",
    licences: "Lizenzen",
    ended:
      "Dieses Gerät wurde abgemeldet. Was du angefangen hast zu schreiben, ist noch da, wenn du dich wieder anmeldest.",
  },

  join: {
    title: "Einem Verein beitreten",
    lead: "Gib den Vereinscode ein. Er wurde vorgelesen, oder er steht auf dem Plakat.",
    code: "Vereinscode",
    codeHint: "12 Buchstaben und Ziffern. Großschreibung und Striche sind egal.",
    name: "Dein Name",
    nameHint: "So, wie man dich im Verein kennt.",
    submit: "Beitreten",
    submitClub: (club) => `${club} beitreten`,
    invited: "Du bist eingeladen zu",
    members: (count) => plural(lang, count, { one: "1 Mitglied", other: `${n(count)} Mitglieder` }),
    asMe: (name) => `Du trittst als ${name} bei.`,
    busy: "Die Tür geht auf …",
  },

  create: {
    title: "Verein gründen",
    lead: "Du hast den Schlüssel: Du lädst ein, und du kannst jemanden entfernen.",
    club: "Name des Vereins",
    name: "Dein Name",
    email: "E-Mail",
    password: "Passwort",
    passwordHint: (min) => `Mindestens ${min} Zeichen.`,
    whyEmail: "Damit der Verein nicht mit diesem Gerät verloren geht.",
    word: "Das Wort des Gastgebers",
    wordHint: "Wer diesen Ort betreibt, kennt es.",
    submit: "Verein gründen",
    busy: "Das Haus wird aufgeschlossen …",
    closed: "Hier können keine neuen Vereine gegründet werden. Beitreten kannst du trotzdem.",
  },

  signIn: {
    title: "Anmelden",
    email: "E-Mail",
    password: "Passwort",
    submit: "Anmelden",
    busy: "Anmeldung läuft …",
    noAddress:
      "Noch keine Adresse? Öffne auf einem angemeldeten Gerät die Einstellungen, dann Geräte, und wähle „Ein weiteres Gerät anmelden“.",
    linkTitle: "Auf diesem Gerät anmelden",
    linkLead: "Dieser Link meldet dich hier an, einmal. Nutze ihn nur, wenn du selbst ihn gemacht hast.",
    linkReplaces: (name) => `${name} ist hier gerade angemeldet und wird abgemeldet.`,
    linkSubmit: "Auf diesem Gerät anmelden",
  },

  invite: {
    ready: "Die Tür ist offen.",
    title: "Einladen",
    lead: (club) => `${club} ist bereit. Lies den Code vor, zeig diese Seite, oder schick den Link herum.`,
    code: "Vereinscode",
    qr: (club) => `QR-Code mit dem Link zum Beitritt zu ${club}`,
    anyone: "Wer ihn hat, kann beitreten.",
    share: "Einladung teilen",
    shareText: (club) => `Komm zu ${club} auf Clubroom`,
    print: "Plakat drucken",
    go: "Zum Vereinsraum",
    onlyHere: "Nur dieser Computer kann diesen Link öffnen.",
    onlyHereHow: "Um andere einzuladen, starte Clubroom mit einer Adresse, die sie erreichen:",
    failed: "Der Code kann gerade nicht gezeigt werden.",
  },

  side: {
    clubs: "Deine Vereine",
    switcher: (club) => `${club}, Verein wechseln`,
    joinOrCreate: "Beitreten oder gründen",
    rooms: "Räume",
    everyone: "Alle",
    notes: "Notizen an mich",
    members: (count) => plural(lang, count, { one: "Bisher nur du", other: `${n(count)} Mitglieder` }),
    unread: "ungelesen",
    settings: (name) => `${name}, Einstellungen`,
    onlyThisDevice: "Noch keine E-Mail-Adresse",
    roomsNav: "Räume und Vereine",
  },

  room: {
    allRead: "Alles ist gelesen.",
    undo: "Rückgängig",
    everyone: "Alle",
    notes: "Notizen an mich",
    notesLead: "Kein anderes Mitglied sieht das",
    presence: (members, online) =>
      members === 1
        ? "Bisher nur du"
        : online > 0
          ? `${n(members)} Mitglieder, ${n(online)} gerade da`
          : `${n(members)} Mitglieder`,
    lastHeard: (time) => `Zuletzt gehört um ${time}`,
    members: "Mitglieder",
    invite: "Einladen",
    clubs: "Vereine und Räume",
    messages: "Nachrichten",
    write: "An alle schreiben",
    writeFirst: "Die erste Nachricht schreiben",
    writeNote: "Eine Notiz schreiben",
    composer: "Nachricht",
    send: "Senden",
    left: (count) => `noch ${n(count)}`,
    tooLong: (count) => `${n(count)} Zeichen zu lang`,
    newLabel: "Neu",
    newSince: (time) => `seit ${time}`,
    latest: "Zum Neuesten",
    latestCount: (count) =>
      plural(lang, count, { one: "1 neue Nachricht", other: `${n(count)} neue Nachrichten` }),
    you: "Du",
    unknown: "Jemand",
    beginning: (club) => `Hier beginnt ${club}.`,
    notesBeginning:
      "Kein anderes Mitglied sieht, was du hier schreibst. Du hast es auf jedem Gerät, auf dem du angemeldet bist.",
    quiet: "Noch hat niemand etwas geschrieben.",
    quietLead: "Sag Hallo. Alle im Verein sehen es, und wer später beitritt, auch.",
    coatTitle: "Platz für alle Jacken.",
    coatLead: "Du bist als Erstes da. Lass jetzt die anderen herein:",
    coatInvite: "Einladen",
    coatInviteHint: "Zeig den Code, oder schick den Link",
    gone: "Dieser Raum steht dir nicht offen.",
    goneLead:
      "Du hast ihn verlassen oder wurdest entfernt, er wurde gelöscht, oder die Adresse ist nicht für dich.",
    goneHome: "Zu deinen Vereinen",
    unreachable: "Dieser Raum kann ohne Verbindung noch nicht gezeigt werden.",
    today: "Heute",
    yesterday: "Gestern",
    at: (name, time) => `${name}, ${time}`,
  },

  text: {
    someone: "jemand",
    everyone: "alle",
    copyCode: "Code kopieren",
  },

  notice: {
    made: (name: string, room: string) => `${name} ${has(name)} ${room} geöffnet`,
    listed: (name: string, room: string) => `${name} ${has(name)} den Raum ${room} geöffnet`,
    changed: (name: string) => `${name} ${has(name)} den Raum geändert`,
    added: (name: string, by: string) => `${by} ${has(by)} ${name} hinzugefügt`,
    pinned: (name: string) => `${name} ${has(name)} eine Nachricht angeheftet`,
    opened: (name) => (name === "Du" ? "Du hast den Verein eröffnet" : `${name} hat den Verein eröffnet`),
    joined: (names, more) => {
      const all =
        more > 0 ? [...names, plural(lang, more, { one: "1 weitere", other: `${n(more)} weitere` })] : names;
      if (all.length > 1) return `${listOf(lang, all)} sind beigetreten`;
      return all[0] === "Du" ? "Du bist beigetreten" : `${all[0]} ist beigetreten`;
    },
    left: (name) => `${name} ${name === "Du" ? "hast" : "hat"} den Verein verlassen`,
    removed: (name, by) => `${by} hat ${name} entfernt`,
    youRemoved: (name) => `Du hast ${name} entfernt`,
  },

  typing: {
    one: (name) => `${name} schreibt`,
    few: (names) => `${listOf(lang, names)} schreiben`,
    many: "Mehrere schreiben",
  },

  sending: {
    sending: "Wird gesendet",
    waiting: (count) =>
      count === 1
        ? "Geht hinaus, sobald du zurück bist"
        : count === 2
          ? "Beide gehen hinaus, sobald du zurück bist"
          : `Alle ${n(count)} gehen hinaus, sobald du zurück bist`,
    unconfirmed: "Noch nicht bestätigt",
    failed: "Nicht gesendet.",
    retry: "Noch einmal",
    remove: "Entfernen",
  },

  banner: {
    offline: "Keine Verbindung.",
    offlineHint: "Schreib ruhig weiter, es geht von selbst hinaus, sobald du zurück bist.",
    tooMany: "Clubroom ist auf zu vielen deiner Geräte offen.",
    tooManyHint: "Schließ eines davon, dann lade diese Seite neu.",
    tooOld: "Es gibt eine neue Fassung von Clubroom.",
    tooOldHint: "Was du geschrieben hast, bleibt da.",
    reload: "Neu laden",
    keep: "Ohne Adresse gibt es keinen Weg zurück.",
    keepHint:
      "Gib eine E-Mail-Adresse oder einen Passkey an, damit du wieder hereinkommst, wenn dein Gerät verloren geht.",
    keepAdd: "Adresse angeben",
    keepLater: "Später",
  },

  members: {
    title: "Mitglieder",
    find: "Jemanden finden",
    here: (count) => `Gerade da, ${n(count)}`,
    others: (count) => `Nicht da, ${n(count)}`,
    nobody: (query) => `Hier heißt niemand „${query}“.`,
    isHere: "gerade da",
    isAway: "abwesend",
    you: "du",
    owner: "Inhaber",
    admin: "Admin",
    member: "Mitglied",
    invite: "Einladen",
    remove: (name) => `${name} entfernen`,
    removeShort: "Entfernen",
    removeTitle: (name) => `${name} entfernen?`,
    removeLead: (name, club) =>
      `${name} kann in ${club} nicht mehr lesen und schreiben. Was ${name} geschrieben hat, bleibt. Mit dem Vereinscode könnte ${name} wieder beitreten.`,
    leave: "Verein verlassen",
    leaveTitle: (club) => `${club} verlassen?`,
    leaveLead: (club) =>
      `Du kannst in ${club} nicht mehr lesen und schreiben. Was du geschrieben hast, bleibt. Um zurückzukommen, brauchst du den Vereinscode.`,
    leaveConfirm: "Verein verlassen",
  },

  ...inClub,
  ...inAccount,
  ...inRooms,
  ...ofEventForm,
  ...ofPeople,
  ...atTheDoor,
  activity,
  events,
  ...ofPush,
  search,
  letters,
  calendar,
  ...bringing,
  parts,

  settings: {
    title: "Einstellungen",
    signInTitle: "Anmeldung",
    signInNone:
      "Du hast noch keine E-Mail-Adresse. Gib eine an, damit du wieder hereinkommst, wenn dein Gerät verloren geht.",
    signInAs: (email) => `Du meldest dich mit ${email} an.`,
    change: "Ändern",
    current: "Bisheriges Passwort",
    newPassword: "Neues Passwort",
    save: "Speichern",
    saved: "Gespeichert.",
    deviceTitle: "Weiteres Gerät",
    deviceLead:
      "Mach einen Link, der dich auf Telefon oder Computer anmeldet. Er gilt einmal, 10 Minuten lang.",
    deviceMake: "Ein weiteres Gerät anmelden",
    deviceQr: "QR-Code, der ein weiteres Gerät anmeldet",
    deviceNote: "Zeig ihn sonst niemandem: Wer ihn öffnet, ist hier du.",
    look: "Aussehen",
    system: "Wie das System",
    light: "Hell",
    dark: "Dunkel",
    writing: "Schreiben",
    enterSends: "Enter sendet die Nachricht",
    enterHint: "Sonst bricht Enter die Zeile um, und Strg+Enter sendet.",
    outTitle: "Dieses Gerät",
    out: "Abmelden",
    outQuestion: "Abmelden?",
    outLead:
      "Deine Vereine und Entwürfe werden von diesem Gerät entfernt. Du meldest dich mit E-Mail-Adresse und Passwort wieder an.",
    outLost:
      "Du hast keine E-Mail-Adresse und keinen anderen Weg zurück: Ist kein anderes Gerät angemeldet, verlierst du deinen Platz in deinen Vereinen für immer.",
    outUnsent: (count) =>
      plural(lang, count, {
        one: "1 Nachricht ist noch nicht hinausgegangen und ginge verloren.",
        other: `${n(count)} Nachrichten sind noch nicht hinausgegangen und gingen verloren.`,
      }),
  },

  errors: {
    ...topicErrors,
    internal: "Hier ging etwas schief. Versuch es noch einmal.",
    malformed: "Das wurde nicht verstanden. Lade die Seite neu und versuch es noch einmal.",
    unknown_field: "Das wurde nicht verstanden. Lade die Seite neu und versuch es noch einmal.",
    invalid_field: "Etwas hier ist nicht erlaubt. Prüfe deine Eingabe.",
    invalid_text: "Dieser Text kann nicht verwendet werden.",
    text_too_long: "Dieser Text ist zu lang.",
    too_large: "Das ist zu groß.",
    unauthorized: "Melde dich zuerst an.",
    wrong_sign_in: "Das passte nicht. Prüfe Adresse und Passwort.",
    invalid_refresh: "Dieses Gerät ist nicht mehr angemeldet.",
    forbidden: "Das darfst du nicht.",
    foreign_origin: "Diese Adresse gilt hier nicht. Öffne Clubroom unter seiner eigenen Adresse.",
    their_sign_in_needed: "Dafür braucht es zuerst E-Mail-Adresse und Passwort oder einen Passkey.",
    name_taken: "So heißt hier schon etwas.",
    sign_in_needed: "Gib zuerst eine E-Mail-Adresse und ein Passwort an.",
    word_needed: "Das ist nicht das Wort des Gastgebers.",
    creating_closed: "Hier können keine neuen Vereine gegründet werden.",
    not_found: "Hier ist nichts, oder es ist nicht für dich.",
    invalid_code: "Dieser Code öffnet keine Tür. Prüfe ihn, oder frag nach einem neuen.",
    method_not_allowed: "Das geht hier nicht.",
    id_conflict: "Das wurde schon einmal gesendet, mit anderen Worten.",
    address_taken: "Diese Adresse gehört schon zu einem Konto. Melde dich damit an.",
    last_owner: "Du bist der letzte Inhaber, und ein Verein behält mindestens einen.",
    full: "Hier ist kein Platz mehr.",
    not_asked: "Dieser Termin ist für andere.",
    draft_changed: "Jemand hat diesen Entwurf inzwischen geändert.",
    answers_closed: "Es werden keine Antworten mehr angenommen.",
    places_taken: "Es sind schon mehr Plätze vergeben.",
    unsupported_media_type: "Das wurde nicht verstanden. Lade die Seite neu und versuch es noch einmal.",
    rate_limited: "Zu oft. Warte einen Moment.",
    unavailable: "Gerade nicht erreichbar. Versuch es gleich noch einmal.",
    hello_again: "Das wurde nicht verstanden. Lade die Seite neu und versuch es noch einmal.",
    upgrade_required: "Es gibt eine neue Fassung von Clubroom. Lade die Seite neu.",
  },
  noAnswer: "Keine Antwort. Prüfe die Verbindung und versuch es noch einmal.",
  linkUsed: "Dieser Link gilt nicht mehr. Mach einen neuen.",
  missing: {
    code: "Gib zuerst den Vereinscode ein.",
    name: "Dein Name fehlt.",
    club: "Der Verein braucht einen Namen.",
    room: "Der Raum braucht einen Namen.",
    email: "Das ist keine E-Mail-Adresse.",
    password: (min) => `Das Passwort braucht mindestens ${min} Zeichen.`,
    word: "Das Wort des Gastgebers fehlt.",
  },
};
