/** What only clubs decide, as it is where nothing was decided. */

import type { GroupLook } from "../wire/types";

export const UNDECIDED = {
  rooms_by_admins: false,
  dms_off: false,
  time_zone: null,
  language: null,
  sign: null,
  colour: 0,
  picture: null,
  history: "all",
  joining_paused: false,
  members_invite: false,
  default_level: null,
  events_by_members: false,
  suspended: false,
} as const satisfies Partial<GroupLook>;
