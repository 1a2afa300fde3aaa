/** The calls that show a file as somebody's picture, as a club's, or as the cover of an event. */

import type { Call } from "./http";

export const pictureCalls = (call: Call) => ({
  setAvatar: (file: string) => call<void>("PUT", "/me/avatar", { file }),
  removeAvatar: () => call<void>("DELETE", "/me/avatar"),
  setPicture: (group: number, file: string) => call<void>("PUT", `/groups/${group}/picture`, { file }),
  removePicture: (group: number) => call<void>("DELETE", `/groups/${group}/picture`),
  setCover: (event: string, file: string) => call<void>("PUT", `/events/${event}/cover`, { file }),
  removeCover: (event: string) => call<void>("DELETE", `/events/${event}/cover`),
});
