/** Datenschutz, Bedingungen, Lizenzen, und was es nicht gibt, auf Deutsch. */

import type { Pages, Section } from "./pages.en";

export const pages: Pages = {
  home: "Clubroom",
  more: "Mehr über Clubroom",
  operator: {
    title: "Wer diesen Ort betreibt",
    named: "Diesen Ort betreibt:",
    contact: "Schreib an:",
    unnamed:
      "Wer diesen Ort betreibt, hat seinen Namen hier noch nicht genannt. Frag, wer dich eingeladen hat, oder wer deinen Verein leitet.",
  },
  privacy: {
    title: "Datenschutz",
    lead: "Was hier über dich gespeichert wird, wo, wie lange, und wer es lesen kann.",
    sections: [
      {
        title: "Was gespeichert wird",
        text: [
          "Dein Name, was du schreibst, Bilder und Dokumente, die du mitbringst, deine Reaktionen, deine Antworten auf Termine und ob du an der Tür abgehakt wurdest, in welchen Vereinen und Räumen du bist, wie weit du gelesen hast, wen du blockiert hast, was du mitgeteilt haben willst und wann.",
          "Wenn du sie angibst: E-Mail-Adresse, ein Bild von dir, Zeitzone, Sprache, Passkeys, und wie man dich in einem Verein erreicht. Wenn du dich über einen anderen Dienst anmeldest: wie du dort heißt. Und auf welchen Geräten du angemeldet bist, mit der Art des Browsers, und wohin dessen Dienst Mitteilungen bringt, wenn du sie eingeschaltet hast. Wenn du einen Kalender wolltest: die Zahl, aus der seine Adresse gemacht ist. Dein Passwort nur als Hash.",
          "Wenn dich jemand aus einer Liste in einen Verein holt: dein Name, deine Adresse, und dass eine Einladung hinausging.",
        ],
      },
      {
        title: "Wo",
        text: [
          "In der Datenbank dieses Servers. Bilder und Dokumente liegen auf derselben Maschine oder in einem Dateispeicher, den ausgesucht hat, wer diesen Ort betreibt.",
          "Auf deinem Gerät: deine letzten Nachrichten, Entwürfe mit ihren Bildern, und was du an der Tür abgehakt hast, damit Clubroom auch ohne Verbindung aufgeht. Abmelden entfernt sie. Wirst du von anderswo abgemeldet, geht, was du gelesen hast; was du geschrieben, mitgebracht oder abgehakt hast und noch nicht hinausging, wartet auf dem Gerät auf dich, bis sich dort jemand anderes anmeldet.",
        ],
      },
      {
        title: "Wer es lesen kann",
        text: [
          "Im Verein und seinen offenen Räumen alle Mitglieder, und wer später beitritt, so weit zurück, wie der Verein Neue lesen lässt; in einem geschlossenen Raum, wer hinzugefügt wurde; in einem Gespräch nur die Leute darin.",
          "Auch wer diesen Server betreibt, könnte es lesen: Nachrichten sind unterwegs verschlüsselt, aber nicht von Ende zu Ende. In der App sieht man von dort Vereine nur von außen: Name, Größe, wann zuletzt geschrieben wurde.",
          "Mitglieder sehen, wer gerade da ist, wer schreibt und wer eine Nachricht gesehen hat; du kannst unsichtbar sein. Wen du blockierst, der erfährt es nicht.",
          "Wer einen Verein leitet, sieht, wer mit welchem Code gekommen ist, und was jemand geantwortet hat, der um Einlass bat; die Antwort geht mit der Entscheidung. Was im Verein entschieden wird, steht mit Namen in seinem Verlauf. Meldest du eine Nachricht, bekommen sie eine Kopie davon mit deinem Namen; wen es betrifft, erfährt es nicht, und die Kopie geht, wenn die Meldung geschlossen wird, auch wenn die Nachricht vorher gelöscht wurde.",
          "Ein Link zum Beitreten zeigt Namen und Bild des Vereins allen, die den Link haben, auch Programmen, die Vorschauen von Links zeichnen.",
        ],
      },
      {
        title: "Wie lange",
        text: [
          "Nachrichten bleiben für immer, es sei denn, wer diesen Ort betreibt, hat eine Frist gesetzt. Von einer gelöschten Nachricht behält der Server, dass es sie gab, wann, und von wem sie war; ihr Text, ihre Bilder und ihre früheren Fassungen sind weg. Was eine geänderte Nachricht vorher sagte, bleibt auf dem Server, bis sie gelöscht wird.",
          "Wer einen Verein verlässt, entfernt damit nicht, was er dort geschrieben hat. In den Einstellungen bekommst du eine Kopie deiner Daten und löschst dein Konto, mit oder ohne das, was du geschrieben hast.",
          "Ein Gerät, das 180 Tage nicht benutzt wird, ist abgemeldet. Eine Netzadresse bleibt eine Stunde, und mit ihr die E-Mail-Adresse, um die es dabei ging, und nur, um zu zählen, was zu oft versucht wird. Mails und Mitteilungen sind eine Woche danach vergessen. Sicherungen behalten Text, bis sie ablaufen.",
        ],
      },
      {
        title: "Wer sonst etwas erfährt",
        text: [
          "Schaltest du Mitteilungen ein, gehen sie über den Dienst dessen, der deinen Browser oder dein Gerät gemacht hat. Er erfährt, dass etwas für dich kommt, und wann; was darin steht, ist verschlüsselt.",
          "Ist deine Adresse bestätigt und kann dir kein Gerät Bescheid geben, dann geht dorthin per E-Mail, was du verpasst hast, und Ankündigungen, mit ihren ersten Worten. In den Einstellungen unter Mails entscheidest du, ob. Sie gehen über den Mailserver, der hier benutzt wird.",
          "Schreibt jemand einen Link, liest vielleicht dieser Server die Seite, um zu zeigen, worum es dort geht. Sie sieht unseren Server, nie dich.",
          "Es gibt keine Werbung und keine Verfolgung, und nichts wird von anderen Seiten geladen, außer Bildern und Dokumenten, wo sie in einem solchen Speicher liegen. Ein Cookie hält dich angemeldet und geht, wenn du dich abmeldest. Während du dich über einen anderen Dienst anmeldest, erkennt dich ein zweites wieder; es geht, wenn du zurück bist, oder nach zehn Minuten.",
        ],
      },
    ] as Section[],
  },
  terms: {
    title: "Bedingungen",
    lead: "Kurz, denn jeder Verein hat seine eigenen Regeln.",
    sections: [
      {
        title: "Was du erwarten darfst",
        text: [
          "Clubroom ist freie Software, und diesen Ort betreibt jemand, nicht die Macher von Clubroom. Was hier darüber hinaus gilt, kommt von dort.",
          "Es kommt ohne Gewähr, wie die Apache-Lizenz 2.0 sagt. Wer diesen Ort betreibt, kann ihn schließen, einen Verein für neue Nachrichten sperren und festlegen, wie lange Nachrichten bleiben. Eine Kopie deiner Daten kannst du jederzeit mitnehmen.",
        ],
      },
      {
        title: "Was von dir erwartet wird",
        text: [
          "Für das, was du schreibst und mitbringst, stehst du selbst ein. Nichts, was gegen das Gesetz ist, nichts, was andere verletzt, keine Werbung, um die niemand gebeten hat.",
          "Wer einen Verein leitet, kann dort Nachrichten löschen, Mitglieder entfernen und fernhalten. Was nicht dort stehen sollte, meldest du über sein Menü.",
        ],
      },
    ] as Section[],
  },
  licences: {
    title: "Lizenzen",
    lead: "Clubroom steht unter der Apache License 2.0: Du darfst es benutzen, ändern und weitergeben. Daraus besteht es in deinem Browser.",
    name: "Name",
    version: "Version",
    licence: "Lizenz",
    texts: "Was ihre Lizenzen sagen",
  },
  notFound: {
    title: "Hier ist nichts",
    lead: "Diese Seite gibt es nicht, oder nicht mehr. Hat dir jemand den Link gegeben, lass dir einen neuen geben.",
    home: "Zu den Türen",
  },
};
