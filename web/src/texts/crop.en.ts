/** The words about choosing a picture and which part of it is kept, in English. */

export const crop = {
  part: "The part of the picture that is kept",
  how: "Drag the picture, or use the arrow keys. Zoom with two fingers, the wheel, or + and −.",
  zoom: "Zoom",
  larger: "Larger",
  smaller: "Smaller",
  percent: (n: number) => `${n} percent`,
  use: "Use this picture",
  uploading: "Uploading…",
  looking: "Being checked…",
};

export const shownPictures = {
  yours: "Picture",
  yoursHint: "Beside what you write, and wherever you stand in a list. Without one these are your initials.",
  change: "Change picture",
  remove: "Remove picture",
  ofClub: "The picture of the club",
  cover: "Picture across the top",
  coverHint: "Above the event in the room and on its own page, on all its dates.",
};
