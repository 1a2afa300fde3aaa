/** Privacy, terms, licences, and what is not there, in English. Read without a script, so no part of the app. */

export interface Section {
  title: string;
  text: string[];
}

export const pages = {
  home: "Clubroom",
  more: "More about Clubroom",
  operator: {
    title: "Who runs this place",
    named: "This place is run by:",
    contact: "Write to:",
    unnamed:
      "Whoever runs this place has not put their name here yet. Ask the person who invited you, or an admin of your club.",
  },
  privacy: {
    title: "Privacy",
    lead: "What is kept about you here, where, for how long, and who can read it.",
    sections: [
      {
        title: "What is stored",
        text: [
          "Your name, what you write, pictures and documents that you bring, your reactions, your answers to events and whether you were checked in, which clubs and rooms you are in, how far you have read, whom you have blocked, what you want to be told of and when.",
          "If you give them: your e-mail address, a picture of you, time zone, language, passkeys, and how you are reached in a club. If you sign in by another service: what you are called there. And which devices you are signed in on, with the kind of browser, and where its push service takes notifications if you turned them on. If you asked for a calendar: the number that its address is made from. Your password is stored only as a hash.",
          "If somebody brings you into a club from a list: your name and address, and that an invitation went out.",
        ],
      },
      {
        title: "Where",
        text: [
          "In the database of this server. Pictures and documents lie on the same machine, or in a store for files that whoever runs this place has chosen.",
          "On your device: your last messages, drafts with their pictures, and what you ticked off at a door, so that Clubroom opens without a connection. Signing out removes them. If you are signed out from elsewhere, what you have read goes; what you wrote, brought or ticked and has not gone out waits on the device for you, until somebody else signs in there.",
        ],
      },
      {
        title: "Who can read it",
        text: [
          "In the club and its open rooms every member, and those who join later as far back as the club lets newcomers read; in a closed room those who were added; in a conversation only its people.",
          "Whoever runs this server could read it, too: messages are encrypted on their way, but not from end to end. In the app they see clubs only from outside: name, size, when somebody last wrote.",
          "Members see who is here now, who is writing, and who has seen a message; you can be invisible. Nobody is told that you have blocked them.",
          "Whoever runs a club sees who came by which code, and what somebody answered who asked to be let in; the answer goes when they are let in or not. What they do in the club is kept in its record, with their names. If you report a message, they get a copy of it with your name; whoever it is about is not told, and the copy goes when the report is closed, even if the message was deleted before.",
          "A link to join a club shows its name and picture to whoever has the link, also to programs that draw previews of links.",
        ],
      },
      {
        title: "How long",
        text: [
          "Messages are kept for ever, unless whoever runs this place has set a time. Of a deleted message the server keeps that it was there, when, and whose it was; its text, its pictures and its earlier versions are gone. What an edited message said before stays on the server until the message is deleted.",
          "Leaving a club does not remove what you wrote there. Under Settings you take a copy of your data along, and delete your account with or without what you wrote.",
          "A device that is not used for 180 days is signed out. A network address is kept for an hour, with the e-mail address that was typed if it is about one, only to count what is tried too often. Letters and notifications are forgotten a week after they went out. Backups keep text until they expire.",
        ],
      },
      {
        title: "Who else learns something",
        text: [
          "If you turn on notifications, they travel through the push service of whoever made your browser or device. It learns that something comes for you, and when; what it says is encrypted.",
          "If your address is confirmed and no device of yours can be told, what you missed and announcements go there by e-mail, with their first words. Under Settings, Letters, you choose whether they do. They pass the mail server that is used here.",
          "If somebody writes a link, this server may read that page to show what it is about. The page sees our server, never you.",
          "There is no advertising, no tracking, and nothing is loaded from other sites, but for pictures and documents where they lie in such a store. One cookie keeps you signed in, and goes when you sign out. While you sign in by another service, a second one recognises you when you come back; it goes then, or after ten minutes.",
        ],
      },
    ] as Section[],
  },
  terms: {
    title: "Terms",
    lead: "Short, because a club has rules of its own.",
    sections: [
      {
        title: "What you may expect",
        text: [
          "Clubroom is free software, and this place is run by somebody, not by the makers of Clubroom. Rules that apply here beyond these come from them.",
          "It comes without warranty, as the Apache licence 2.0 says. Whoever runs this place can end it, close a club to new messages, and set how long messages are kept. You can take a copy of your data along at any time.",
        ],
      },
      {
        title: "What is expected of you",
        text: [
          "You answer for what you write and bring. Nothing that is against the law, nothing that hurts others, no advertising that nobody asked for.",
          "Whoever runs a club can delete messages there, remove members from it, and keep them out. What you think should not be there you report from its menu.",
        ],
      },
    ] as Section[],
  },
  licences: {
    title: "Licences",
    lead: "Clubroom is under the Apache License 2.0: you may use, change and pass it on. These are what it is made of in your browser.",
    name: "Name",
    version: "Version",
    licence: "Licence",
    texts: "What their licences say",
  },
  notFound: {
    title: "There is nothing here",
    lead: "This page does not exist, or not any more. If somebody gave you the link, ask them for a new one.",
    home: "To the doors",
  },
};

export type Pages = typeof pages;
