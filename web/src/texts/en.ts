/** Every word on the screen, in English. Other languages have exactly this shape: the compiler sees to it. */

import * as inAccount from "./account.en";
import { activity } from "./activity.en";
import * as ofEventForm from "./eventForm.en";
import { events } from "./events.en";
import { parts } from "./parts.en";
import * as bringing from "./bring.en";
import * as ofPeople from "./people.en";
import * as atTheDoor from "./door.en";
import * as inClub from "./club.en";
import * as inRooms from "./rooms.en";
import { calendar } from "./calendar.en";
import { letters } from "./letters.en";
import * as ofPush from "./push.en";
import { topicErrors } from "./errors.en";
import { search } from "./search.en";
import { listOf, plural } from "./speech";
import type { Widened } from "./widened";
import type { ErrorCode } from "../wire/types";

const lang = "en";
const n = (count: number) => count.toLocaleString(lang);

export const en = {
  lang,
  dir: "ltr",
  app: "Clubroom",
  close: "Close",
  cancel: "Cancel",
  back: "Back",
  copy: "Copy link",
  copied: "Copied",
  loading: "One moment…",
  tryAgain: "Try again",

  doors: {
    title: "Come on in.",
    lead: "One place for your club: the talk, the dates, and who is coming.",
    join: "Join a club",
    joinHint: "You have a code or a link",
    create: "Create a club",
    createHint: "You open the door for others",
    member: "Already a member?",
    signIn: "Sign in",
    signedInAs: (name: string) => `Signed in as ${name}.`,
    settings: "Settings",
    about: "What is Clubroom?",
    privacy: "Privacy",
    terms: "Terms",
    licences: "Licences",
    ended:
      "This device was signed out. What you had begun to write is still here for when you sign in again.",
  },

  join: {
    title: "Join a club",
    lead: "Type the club code. It was read out, or it stands on the poster.",
    code: "Club code",
    codeHint: "12 letters and digits. Capitals and dashes do not matter.",
    name: "Your name",
    nameHint: "As people in the club know you.",
    submit: "Join",
    submitClub: (club: string) => `Join ${club}`,
    invited: "You are invited to",
    members: (count: number) => plural(lang, count, { one: "1 member", other: `${n(count)} members` }),
    asMe: (name: string) => `You join as ${name}.`,
    busy: "Opening the door…",
  },

  create: {
    title: "Create a club",
    lead: "You hold the key: you invite people, and you can remove them.",
    club: "Club name",
    name: "Your name",
    email: "E-mail",
    password: "Password",
    passwordHint: (min: number) => `At least ${min} characters.`,
    whyEmail: "So that the club is not lost when this device is.",
    word: "The host's word",
    wordHint: "Whoever runs this place has it.",
    submit: "Create the club",
    busy: "Opening the house…",
    closed: "No new clubs can be created here. You can still join one.",
  },

  signIn: {
    title: "Sign in",
    email: "E-mail",
    password: "Password",
    submit: "Sign in",
    busy: "Signing in…",
    noAddress:
      "No address yet? On a device that is signed in, open Settings, then Devices, and choose “Sign in another device”.",
    linkTitle: "Sign in on this device",
    linkLead: "This link signs you in here, once. Use it only if you asked for it yourself.",
    linkReplaces: (name: string) => `${name} is signed in here now and will be signed out.`,
    linkSubmit: "Sign in on this device",
  },

  invite: {
    ready: "The door is open.",
    title: "Invite people",
    lead: (club: string) => `${club} is ready. Read the code out, show this page, or send the link round.`,
    code: "Club code",
    qr: (club: string) => `QR code with the link to join ${club}`,
    anyone: "Anyone who has it can join.",
    share: "Share the invitation",
    shareText: (club: string) => `Join ${club} on Clubroom`,
    print: "Print a poster",
    go: "Go to the clubroom",
    onlyHere: "Only this computer can open this link.",
    onlyHereHow: "To invite others, start Clubroom with an address that they can reach:",
    failed: "The code cannot be shown just now.",
  },

  side: {
    clubs: "Your clubs",
    switcher: (club: string) => `${club}, switch club`,
    joinOrCreate: "Join or create",
    rooms: "Rooms",
    everyone: "Everyone",
    notes: "Notes to myself",
    members: (count: number) => plural(lang, count, { one: "Only you so far", other: `${n(count)} members` }),
    unread: "unread",
    settings: (name: string) => `${name}, settings`,
    onlyThisDevice: "No e-mail address yet",
    roomsNav: "Rooms and clubs",
  },

  room: {
    allRead: "Everything is read.",
    undo: "Undo",
    everyone: "Everyone",
    notes: "Notes to myself",
    notesLead: "No other member sees this",
    presence: (members: number, online: number) =>
      members === 1
        ? "Only you so far"
        : online > 0
          ? `${n(members)} members, ${n(online)} here now`
          : `${n(members)} members`,
    lastHeard: (time: string) => `Last heard from at ${time}`,
    members: "Members",
    invite: "Invite people",
    clubs: "Clubs and rooms",
    messages: "Messages",
    write: "Write to everyone",
    writeFirst: "Write the first message",
    writeNote: "Write a note",
    composer: "Message",
    send: "Send",
    left: (count: number) => plural(lang, count, { one: "1 left", other: `${n(count)} left` }),
    tooLong: (count: number) =>
      plural(lang, count, { one: "1 character too long", other: `${n(count)} characters too long` }),
    newLabel: "New",
    newSince: (time: string) => `since ${time}`,
    latest: "Jump to latest",
    latestCount: (count: number) =>
      plural(lang, count, { one: "1 new message", other: `${n(count)} new messages` }),
    you: "You",
    unknown: "Somebody",
    beginning: (club: string) => `This is where ${club} begins.`,
    notesBeginning:
      "No other member sees what you write here. It is on every device where you are signed in.",
    quiet: "Nobody has written yet.",
    quietLead: "Say hello. Everyone in the club will see it, and whoever joins later, too.",
    coatTitle: "Room for everyone’s coat.",
    coatLead: "You are the first one here. Now let the others in:",
    coatInvite: "Invite people",
    coatInviteHint: "Show the code, or send the link",
    gone: "This room is not open to you.",
    goneLead: "You left it or were removed, it was deleted, or the address is not meant for you.",
    goneHome: "To your clubs",
    unreachable: "This room cannot be shown without a connection yet.",
    today: "Today",
    yesterday: "Yesterday",
    at: (name: string, time: string) => `${name}, ${time}`,
  },

  text: {
    someone: "someone",
    everyone: "everyone",
    copyCode: "Copy the code",
  },

  notice: {
    made: (name: string, room: string) => `${name} opened ${room}`,
    listed: (name: string, room: string) => `${name} opened the room ${room}`,
    changed: (name: string) => `${name} changed the room`,
    added: (name: string, by: string) => `${by} added ${name}`,
    pinned: (name: string) => `${name} pinned a message`,
    opened: (name: string) => `${name} opened the club`,
    joined: (names: string[], more: number) =>
      `${listOf(lang, more > 0 ? [...names, plural(lang, more, { one: "1 other", other: `${n(more)} others` })] : names)} joined`,
    left: (name: string) => `${name} left`,
    removed: (name: string, by: string) => `${by} removed ${name}`,
    youRemoved: (name: string) => `You removed ${name}`,
  },

  typing: {
    one: (name: string) => `${name} is writing`,
    few: (names: string[]) => `${listOf(lang, names)} are writing`,
    many: "Several people are writing",
  },

  sending: {
    sending: "Sending",
    waiting: (count: number) =>
      count === 1
        ? "Goes out when you are back"
        : count === 2
          ? "Both go out when you are back"
          : `All ${n(count)} go out when you are back`,
    unconfirmed: "Not confirmed yet",
    failed: "Not sent.",
    retry: "Retry",
    remove: "Remove",
  },

  banner: {
    offline: "No connection.",
    offlineHint: "Keep writing, it goes out by itself as soon as you are back.",
    tooMany: "Clubroom is open on too many of your devices.",
    tooManyHint: "Close one of them, then reload this page.",
    tooOld: "There is a new version of Clubroom.",
    tooOldHint: "What you have written is kept.",
    reload: "Reload",
    keep: "Without an address there is no way back in.",
    keepHint: "Add an e-mail address or a passkey, so that you get back in when your device is lost.",
    keepAdd: "Add an address",
    keepLater: "Later",
  },

  members: {
    title: "Members",
    find: "Find somebody",
    here: (count: number) => `Here now, ${n(count)}`,
    others: (count: number) => `Not here, ${n(count)}`,
    nobody: (query: string) => `Nobody here is called “${query}”.`,
    isHere: "here now",
    isAway: "away",
    you: "you",
    owner: "owner",
    admin: "admin",
    member: "member",
    invite: "Invite people",
    remove: (name: string) => `Remove ${name}`,
    removeShort: "Remove",
    removeTitle: (name: string) => `Remove ${name}?`,
    removeLead: (name: string, club: string) =>
      `${name} can no longer read or write in ${club}. What ${name} has written stays. With the club code ${name} could join again.`,
    leave: "Leave the club",
    leaveTitle: (club: string) => `Leave ${club}?`,
    leaveLead: (club: string) =>
      `You can no longer read or write in ${club}. What you have written stays. To come back you need the club code.`,
    leaveConfirm: "Leave the club",
  },

  ...inClub,
  ...inAccount,
  ...inRooms,
  ...ofEventForm,
  ...ofPeople,
  ...atTheDoor,
  activity,
  events,
  ...ofPush,
  search,
  letters,
  calendar,
  ...bringing,
  parts,

  settings: {
    title: "Settings",
    signInTitle: "Signing in",
    signInNone: "You have no e-mail address yet. Add one, so that you get back in when your device is lost.",
    signInAs: (email: string) => `You sign in as ${email}.`,
    change: "Change",
    current: "Current password",
    newPassword: "New password",
    save: "Save",
    saved: "Saved.",
    deviceTitle: "Another device",
    deviceLead: "Make a link that signs you in on your phone or computer. It works once, for 10 minutes.",
    deviceMake: "Sign in another device",
    deviceQr: "QR code that signs in another device",
    deviceNote: "Show it to nobody else: whoever opens it is you.",
    look: "Look",
    system: "As the system",
    light: "Light",
    dark: "Dark",
    writing: "Writing",
    enterSends: "Enter sends the message",
    enterHint: "Otherwise Enter breaks the line, and Ctrl+Enter sends.",
    outTitle: "This device",
    out: "Sign out",
    outQuestion: "Sign out?",
    outLead:
      "Your clubs and drafts are removed from this device. You sign in again with your e-mail address and password.",
    outLost:
      "You have no e-mail address and no other way back: if no other device is signed in, you lose your place in your clubs for good.",
    outUnsent: (count: number) =>
      plural(lang, count, {
        one: "1 message has not gone out yet and would be lost.",
        other: `${n(count)} messages have not gone out yet and would be lost.`,
      }),
  },

  errors: {
    ...topicErrors,
    internal: "Something went wrong here. Try again.",
    malformed: "This was not understood. Reload the page and try again.",
    unknown_field: "This was not understood. Reload the page and try again.",
    invalid_field: "Something here is not allowed. Check what you typed.",
    invalid_text: "This text cannot be used.",
    text_too_long: "This text is too long.",
    too_large: "This is too large.",
    unauthorized: "Sign in first.",
    wrong_sign_in: "That did not match. Check the address and the password.",
    invalid_refresh: "This device is no longer signed in.",
    forbidden: "You may not do this.",
    foreign_origin: "This address may not be used here. Open Clubroom at its own address.",
    their_sign_in_needed: "They need an e-mail address and a password, or a passkey, first.",
    name_taken: "There is one of that name already.",
    sign_in_needed: "Add an e-mail address and a password first.",
    word_needed: "That is not the host’s word.",
    creating_closed: "No new clubs can be created here.",
    not_found: "There is nothing here, or it is not for you.",
    invalid_code: "This code does not open a door. Check it, or ask for a new one.",
    method_not_allowed: "This cannot be done here.",
    id_conflict: "This was sent once already, with other words.",
    address_taken: "This address already belongs to an account. Sign in with it instead.",
    last_owner: "You are the last owner, and a club keeps at least one.",
    full: "There is no more room here.",
    not_asked: "This event is for others.",
    draft_changed: "Somebody has changed this draft meanwhile.",
    answers_closed: "Answers are not taken any more.",
    places_taken: "More places are taken than that.",
    unsupported_media_type: "This was not understood. Reload the page and try again.",
    rate_limited: "Too often. Wait a moment.",
    unavailable: "Not available right now. Try again in a moment.",
    hello_again: "This was not understood. Reload the page and try again.",
    upgrade_required: "There is a new version of Clubroom. Reload the page.",
  } satisfies Record<ErrorCode, string> as Record<ErrorCode, string>,
  noAnswer: "No answer. Check the connection and try again.",
  linkUsed: "This link no longer works. Make a new one.",
  missing: {
    code: "Type the club code first.",
    name: "Your name is missing.",
    club: "The club needs a name.",
    room: "The room needs a name.",
    email: "This is not an e-mail address.",
    password: (min: number) => `The password needs at least ${min} characters.`,
    word: "The host’s word is missing.",
  },
};

export type Texts = Widened<typeof en>;
