/** The words about what a link shows, in English. */

export const preview = {
  of: (title: string, host: string) => `${title}, on ${host}`,
  remove: "Remove preview",
  notRemoved: "The preview could not be removed.",
};
