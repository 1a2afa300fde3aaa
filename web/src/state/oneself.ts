/** What one does with one's own account. */

import { wayBackCalls, oneselfCalls } from "../wire/oneself";
import { request } from "../wire/http";
import type {
  CalendarAddresses,
  Answer,
  Answered,
  Leaving,
  MailedQuestion,
  Passkey,
  PatchMe,
  PutLetters,
  QuietSpan,
  SignedInDevice,
} from "../wire/types";
import { accessToken, callAsMe, door, drop } from "./access";
import { admit, endHere, here } from "./account";
import { house } from "./house.svelte";
import { madePasskey, signedByPasskey } from "./passkey";

const outside = wayBackCalls((method, path, body) => request(method, path, body));
const own = oneselfCalls(callAsMe);

export const verifyEmail = async (link: string): Promise<string> => {
  const { email } = await outside.verify(link);
  if (house.phase === "in") await here().refreshMe();
  return email;
};

export const askPassword = (email: string): Promise<unknown> => outside.askPassword(email);

export async function choosePassword(link: string, password: string): Promise<void> {
  await admit(await outside.newPassword(link, password));
}

export async function signInByPasskey(): Promise<void> {
  const passkey = await signedByPasskey((await outside.passkeyOptions()).options);
  await admit(await door.signIn({ passkey }));
}

export async function changeMe(change: PatchMe): Promise<void> {
  await own.change(change);
  await here().refreshMe();
}

/** The hours at which nothing is to ring, by the clock of this device where I have no time zone of my own. */
export async function keepQuiet(spans: QuietSpan[]): Promise<void> {
  const time_zone = house.me?.time_zone ? null : Intl.DateTimeFormat().resolvedOptions().timeZone;
  await own.quiet({ spans, time_zone });
  await here().refreshMe();
}

export async function wantLetters(wanted: PutLetters): Promise<void> {
  await own.wantLetters(wanted);
  await here().refreshMe();
}

/** Where calendars read my events; made where there are no addresses yet. */
export const calendars = (): Promise<CalendarAddresses> => own.calendars();
/** The earlier ones open nothing from then on. */
export const newCalendars = (): Promise<CalendarAddresses> => own.newCalendars();

/** By what stands behind the # of a link in a letter: no more of its kind. */
export const endLetters = (token: string): Promise<void> => outside.endLetters(token);

/** By what stands behind the # of a link in a letter about an event. */
export const askedByLetter = (token: string): Promise<MailedQuestion> => outside.askedByLetter(token);
export const answerByLetter = (token: string, answer: Answer): Promise<Answered> =>
  outside.answerByLetter(token, answer);

export const askVerification = (): Promise<unknown> => own.askVerification();

export const devices = async (): Promise<SignedInDevice[]> => (await own.devices()).sessions;
export const endDevice = (id: string): Promise<void> => own.endDevice(id);
export const endOthers = (): Promise<void> => own.endOthers();

/** Out everywhere, here too. */
export async function endEverywhere(): Promise<void> {
  await own.endAll();
  await endHere();
}

export const passkeys = async (): Promise<Passkey[]> => (await own.passkeys()).passkeys;

export async function addPasskey(): Promise<Passkey[]> {
  const credential = await madePasskey((await own.passkeyOptions()).options);
  const { passkeys } = await own.addPasskey(credential);
  await here().refreshMe();
  return passkeys;
}

export async function removePasskey(id: string): Promise<void> {
  await own.removePasskey(id);
  await here().refreshMe();
}

/** A copy of all that is mine, for the browser to save. */
export async function takeData(): Promise<Blob> {
  const headers = { authorization: `Bearer ${await accessToken()}` };
  const answer = await fetch("/api/me/export", { headers });
  if (!answer.ok) return callAsMe<never>("GET", "/me/export"); // says why, in its own words
  return answer.blob();
}

export const leaving = (): Promise<Leaving> => own.leaving();

/** `proof` is the password or the name; a passkey is asked for here. */
export async function deleteAccount(by: Leaving["proof"], proof: string, messages: boolean): Promise<void> {
  const passkey = by === "passkey" && (await signedByPasskey((await own.leavingOptions()).options));
  const proven = passkey ? { passkey } : by === "password" ? { password: proof } : { name: proof };
  await own.deleteAccount({ ...proven, messages });
  drop();
  await endHere();
}

export const handLink = async (group: number, user: string): Promise<string> =>
  (await own.handLink(group, user)).url;
