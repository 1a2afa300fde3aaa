/** The first page that anybody sees, in English. What stands on the doors is said in `t.doors`. */

export const landing = {
  title: "Clubroom: a home for your club",
  description:
    "A home for clubs: one chat for everyone, the dates, and who is coming. Open source, free, without advertising.",
  skip: "To the doors",
  other: "Deutsch",
  picture:
    "A choir’s chat. An event stands in it: Autumn concert, Saturday 28 November, 12 of 20 places are taken. You are going.",
  chat: {
    club: "Lindenhof Choir",
    room: "Everyone",
    members: "34 members, 9 here now",
    first: { who: "Hedwig", initials: "HK", text: "The chapel takes twenty of us. Who sings?" },
    second: { who: "Amir", initials: "AN", text: "Count me in. I can bring two cars." },
    event: "Autumn concert",
    date: "Saturday 28 November",
    line: "18:30, Lindenhof chapel",
    leaf: { weekday: "Sat", weekdayLong: "Saturday", day: "28", month: "Nov", monthLong: "November" },
    lanes: ["Soprano", "Alto", "Tenor", "Bass"],
    summary: { strong: "12 of 20", rest: " places taken, tenors full" },
  },
  why: "Why a club likes it here",
  reasons: [
    {
      title: "Everybody gets in",
      text: "A code and a name, nothing else. No shop for apps, no telephone number, no address.",
    },
    {
      title: "You see who is coming",
      text: "Each place is a window, and a taken one is lit. Who comes late waits in line and moves up by itself.",
    },
    {
      title: "Nothing gets lost",
      text: "Without a connection you keep writing. It goes out by itself, once, in the right order.",
    },
    {
      title: "It stays among you",
      text: "No advertising, no tracking. Dates, rooms and members are not scattered over five other places.",
    },
  ],
  whom: {
    title: "For whom",
    text: "The chess club, the choir, the student society. Thirty people or three thousand.",
  },
  cost: {
    title: "What it costs",
    text: "Nothing. Clubroom is open source, under the Apache licence, and somebody runs it for you.",
    named: "This place is run by",
  },
  back: "How to get back in",
  backText:
    "On this device you stay signed in. To sign in on another, take a link from your settings, an e-mail address and a password, or a passkey.",
};

export type Landing = typeof landing;
