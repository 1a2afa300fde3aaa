/** What is said of images and documents. */

export const fileErrors = {
  file_type: "Files of this type cannot be used here.",
  file_too_large: "This file is too large.",
  not_uploaded: "The file has not arrived. Try again.",
  uploads_open: "Too many uploads at once. Wait for the others.",
  day_full: "That is more than one person may upload in a day.",
  space_full: "There is no more room for files here.",
};
