/** The words about choosing a picture and which part of it is kept, in German. */

export const crop = {
  part: "Der Teil des Bildes, der bleibt",
  how: "Zieh das Bild, oder nimm die Pfeiltasten. Größer und kleiner mit zwei Fingern, dem Rad, oder + und −.",
  zoom: "Vergrößerung",
  larger: "Größer",
  smaller: "Kleiner",
  percent: (n: number) => `${n} Prozent`,
  use: "Dieses Bild nehmen",
  uploading: "Wird hochgeladen…",
  looking: "Wird geprüft…",
};

export const shownPictures = {
  yours: "Bild",
  yoursHint: "Neben dem, was du schreibst, und wo du in Listen stehst. Ohne Bild sind es deine Initialen.",
  change: "Bild ändern",
  remove: "Bild entfernen",
  ofClub: "Das Bild des Vereins",
  cover: "Bild über dem Termin",
  coverHint: "Über dem Termin im Raum und auf seiner Seite, an allen seinen Tagen.",
};
