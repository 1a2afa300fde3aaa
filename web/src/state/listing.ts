/** What an action changes in the list of my groups, so that nobody has to ask for it anew. */

import type { GroupEntry, Placed } from "../wire/types";
import { house } from "./house.svelte";

/** True where only the server knows how the list is now. */
export function amendList(group: number, action: Placed): boolean {
  switch (action.type) {
    case "channel_listed":
      house.include(listed(group, action));
      return false;
    case "channel_changed": {
      const { name, description, announce, landing, archived } = action;
      const may_post = !archived && (!announce || (house.entry(group)?.manages ?? false));
      const lists = landing !== house.entry(group)?.landing; // whose list it is in now
      house.amend(group, { name, description, announce, landing, archived, may_post });
      return lists;
    }
    case "channel_followed":
      house.amend(action.group, { followed: action.on });
      return false;
    case "club_changed": {
      const { rooms_by_admins, dms_off } = action;
      const decided = dms_off !== house.entry(group)?.dms_off && inTalks();
      house.amend(group, { rooms_by_admins, dms_off });
      return decided;
    }
    case "person_blocked":
    case "person_unblocked":
      house.block(action.user, action.type === "person_blocked");
      return inTalks();
    case "role_changed":
      return action.user === house.user;
    case "sign_in_changed":
      return true;
    default:
      return false;
  }
}

/** Whether there is anything that only the server knows after a block, or when a club wants no conversations. */
const inTalks = () => house.me?.groups.some((entry) => entry.kind === "dm") ?? false;

/** A room that was just opened in a club of mine. */
function listed(club: number, action: Extract<Placed, { type: "channel_listed" }>): GroupEntry {
  const role = house.entry(club)?.role ?? "member";
  const manages = role !== "member" || action.by === house.user;
  return {
    group: action.group,
    kind: "channel",
    name: action.name,
    parent: club,
    role,
    head: 0,
    read: 0,
    unread: 0,
    mentions: 0,
    private: false,
    followed: action.landing || action.by === house.user,
    manages,
    may_post: !action.announce || manages,
    description: action.description,
    announce: action.announce,
    landing: action.landing,
    archived: false,
    rooms_by_admins: false,
    dms_off: false,
    people: [],
  };
}
