/** Was zu Bildern und Dokumenten gesagt wird. */

export const fileErrors = {
  file_type: "Dateien dieser Art gehen hier nicht.",
  file_too_large: "Diese Datei ist zu groß.",
  not_uploaded: "Die Datei ist nicht angekommen. Versuch es noch einmal.",
  uploads_open: "Zu viele Dateien auf einmal. Warte auf die anderen.",
  day_full: "Das ist mehr, als eine Person an einem Tag hochladen kann.",
  space_full: "Hier ist kein Platz mehr für Dateien.",
};
