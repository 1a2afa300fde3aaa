/** What the service worker says by itself, in English. */

export const worker = {
  strange: "Something new",
  strangeBody: "Open Clubroom to see it.",
  reply: "Reply",
  replyHint: "Your reply",
  read: "Mark as read",
  again: "Try again",
  notSent: "Not sent",
  notRead: "Could not be marked as read",
  notReadBody: "Press here to open the room.",
  going: "Going",
  cannot: "Can't",
  notAnswered: "Your answer was not taken",
  notAnsweredBody: "Press here to see why.",
};

export type WorkerTexts = typeof worker;
