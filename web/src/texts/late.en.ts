/** Where a part of the client cannot be had, in English. */

export const late = {
  title: "This part has not come.",
  lead: "There is no connection just now, or there is a new version of Clubroom. What you have written is kept.",
};
