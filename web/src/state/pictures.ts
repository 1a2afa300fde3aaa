/** Pictures of people and clubs, covers of events: set and removed. What is shown follows by the logs. */

import { fileCalls } from "../wire/files";
import { pictureCalls } from "../wire/pictures";
import { callAsMe } from "./access";
import { brought, type Under } from "./files/bringing";

const files = fileCalls(callAsMe);
const calls = pictureCalls(callAsMe);

/** As wide as the server keeps them. */
export const SQUARE_PX = 512;
export const COVER_PX = 1_536;
/** A cover is so many times as wide as it is high. */
export const COVER_ASPECT = 3;

export async function setAvatar(blob: Blob, under: Under): Promise<void> {
  await calls.setAvatar(await brought(files, blob, { purpose: "avatar" }, under));
}

export const removeAvatar = () => calls.removeAvatar();

export async function setPicture(club: number, blob: Blob, under: Under): Promise<void> {
  await calls.setPicture(club, await brought(files, blob, { purpose: "picture", group: club }, under));
}

export const removePicture = (club: number) => calls.removePicture(club);

/** `group` is the event's own, `event` its id. */
export async function setCover(group: number, event: string, blob: Blob, under: Under): Promise<void> {
  await calls.setCover(event, await brought(files, blob, { purpose: "cover", group }, under));
}

export const removeCover = (event: string) => calls.removeCover(event);
