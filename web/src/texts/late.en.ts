/** Where a part of the client cannot be had, in English. */

export const late = {
  title: "This part has not come.",
  page: "This page needs a connection.",
  pageLead:
    "It has not been read on this device yet. Once you have read it, it opens without a connection, too.",
  lead: "There is no connection just now, or there is a new version of Clubroom. What you have written is kept.",
};
