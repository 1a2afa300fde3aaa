/** Who is signed in on this device: starting, signing in by every way, signing out. */

import { accept, door, drop, expect, sessionIsOver, watchAccess } from "./access";
import { forgetDrafts } from "./drafts";
import { forgetHabits } from "./habits";
import { takeLeft } from "./left";
import { forgetLanguage } from "./speaking";
import { house } from "./house.svelte";
import { calls } from "./intake";
import { push } from "./push.svelte";
import { SignedIn } from "./signedIn";
import { Store } from "./store";

const WHO = "clubroom.user";
/** Whose session was ended from elsewhere: what they had not sent waits here, for them alone. */
const AWAITED = "clubroom.awaited";

let present: SignedIn | null = null;

/** The machinery behind the signed-in screens. Screens only show when it is there. */
export function here(): SignedIn {
  if (!present) throw new Error("nobody is signed in");
  return present;
}

/** The same for what may outlive it: a screen that is just being taken down. */
export const stillHere = (): SignedIn | null => present;

export async function start(): Promise<void> {
  watchAccess((token) => present?.link.newToken(token), ended);
  const user = localStorage.getItem(WHO);
  if (user) await enter(user);
  else house.phase = "out";
}

/** The device of somebody new: a name is enough. */
export async function makeAccount(
  name: string,
  key: string,
  signIn?: { email: string; password: string },
): Promise<void> {
  const tokens = await door.makeAccount({ name, key, ...signIn });
  await admit(tokens);
}

export async function signIn(email: string, password: string): Promise<void> {
  await admit(await door.signIn({ email, password }));
}

export async function signInByLink(link: string): Promise<void> {
  await admit(await door.signIn({ link }));
}

/** Somebody who came by an invitation, with the tokens that it gave. */
export const comeIn = (tokens: { user: string; access_token: string; expires_in: number }) => admit(tokens);

export async function setSignIn(email: string, password: string, current?: string): Promise<void> {
  const set = await calls.setSignIn({ email, password, ...(current ? { current } : {}) });
  if (house.me) house.me = { ...house.me, email: set.email, password: true };
}

/** A one-use link for one's next device. */
export const signInLink = async (): Promise<string> => (await calls.signInLink()).url;

/** Out, and nothing of this person stays on this device. */
export async function signOut(end: () => Promise<unknown> = calls.signOut): Promise<void> {
  await push.leave();
  await end();
  await endHere();
}

/** Nothing of this person stays on this device. */
async function forget(user: string): Promise<void> {
  forgetDrafts(user);
  takeLeft(user);
  forgetHabits();
  forgetLanguage();
  push.forget();
  await Store.forget(user);
}

/** The server has ended the session: to the doors. Drafts and unsent messages wait for the next sign-in. */
function ended(): void {
  if (!present) return; // not `phase`: it may end while everything is still starting
  present.intake.forget();
  void present.store.dropRead(); // whoever holds the device now may be somebody else
  localStorage.setItem(AWAITED, house.user);
  leave();
  house.ended = true;
}

/** Signed out by a call that ended this session, too. */
export async function endHere(): Promise<void> {
  const user = house.user;
  leave();
  drop();
  await forget(user);
}

export async function admit(tokens: {
  user: string;
  access_token: string;
  expires_in: number;
}): Promise<void> {
  const before = present ? house.user : localStorage.getItem(AWAITED);
  if (present && house.user !== tokens.user) leave();
  if (before && before !== tokens.user) await forget(before);
  localStorage.removeItem(AWAITED);
  house.ended = false;
  expect(tokens.user);
  accept(tokens.user, tokens.access_token, tokens.expires_in);
  localStorage.setItem(WHO, tokens.user);
  if (!present) await enter(tokens.user);
}

async function enter(user: string): Promise<void> {
  expect(user);
  present = await SignedIn.begin(user, ended);
  if (!house.me) await present.refreshMe().catch((error) => sessionIsOver(error) && ended());
  else void present.refreshMe().catch(() => undefined);
  if (present) house.phase = "in";
  else house.phase = "out";
}

function leave(): void {
  present?.end();
  present = null;
  void push.end().catch(() => undefined); // the server has stopped anyway
  expect(null);
  localStorage.removeItem(WHO);
  house.clear();
  house.phase = "out";
}
