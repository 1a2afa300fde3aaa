/** The calls at the door of an event, and the numbers about a club. */

import type { Call } from "./http";
import type * as wire from "./types";

const at = (event: string, what: string, key: string) =>
  `/events/${event}/${what}?key=${encodeURIComponent(key)}`;

export const doorOfEvent = (call: Call) => ({
  tickDoor: (event: string, body: wire.PutDoor) => call<wire.Ticked>("PUT", `/events/${event}/door`, body),
  doorList: (event: string, key: string) => call<wire.Door>("GET", at(event, "door", key)),
  doorTable: (event: string, key: string) => call<string>("GET", at(event, "list.csv", key)),
  statistics: (club: number) => call<wire.Statistics>("GET", `/groups/${club}/statistics`),
});
