/** What an action changes in the list of my groups, so that nobody has to ask for it anew. */

import type { GroupEntry, Placed } from "../wire/types";
import { ofClub, type GroupState } from "./apply";
import type { OfEvent } from "./applyEvent";
import { GONE } from "./applyMembers";
import { changedEntry, placeMoved } from "./applyOwn";
import { house } from "./house.svelte";
import { UNDECIDED } from "./undecided";

/** True where only the server knows how the list is now; "soon" where that is wanted by many, and can wait a moment. */
export function amendList(group: number, action: Placed): boolean | "soon" {
  switch (action.type) {
    case "channel_listed":
      house.include(listed(group, action));
      return false;
    case "channel_changed": {
      const { name, description, announce, landing, archived } = action;
      const lists = landing !== house.entry(group)?.landing; // whose list it is in now
      house.amend(group, { name, description, announce, landing, archived });
      house.amend(group, { may_post: mayPost(group) });
      archiveEvents(group, archived);
      return lists;
    }
    case "channel_followed":
      house.amend(action.group, { followed: action.on });
      return false;
    case "group_muted":
      house.amend(action.group, { mute: { until: action.until ?? null } });
      return false;
    case "group_unmuted":
      house.amend(action.group, { mute: null });
      return false;
    case "level_changed":
      house.amend(action.group, { level: action.level ?? null });
      return false;
    case "quiet_hours_changed":
      house.hush(action.time_zone ? { spans: action.spans, time_zone: action.time_zone } : null);
      return false;
    case "club_changed": {
      const decided = action.dms_off !== house.entry(group)?.dms_off && inTalks();
      house.amend(group, ofClub(action));
      house.amend(group, { may_post: mayPost(group) });
      return decided;
    }
    case "group_renamed":
      house.amend(group, { name: action.name });
      return false;
    case "club_suspended":
      house.amend(group, { suspended: action.on });
      house.amend(group, { may_post: mayPost(group) });
      return false;
    case "person_blocked":
    case "person_unblocked":
      house.block(action.user, action.type === "person_blocked");
      return inTalks();
    case "role_changed":
      return action.user === house.user;
    case "person_renamed":
      house.rename(action.user, action.name);
      return false;
    case "account_deleted":
      house.rename(action.user, GONE);
      return false;
    case "sign_in_link_handed":
      house.handed = { by: action.by, group: action.group };
      return false;
    case "sign_in_changed":
    case "email_verified":
    case "letters_changed":
    case "passkeys_changed":
    case "identities_changed":
    case "profile_changed":
      return true;
    case "event_changed":
    case "event_cancelled":
    case "event_covered":
    case "event_answered":
    case "event_counted":
      return amendEvent(group, action) ? "soon" : false;
    default:
      return false;
  }
}

/** An event in my list. Of what stands in other logs than its own only my own answers are told here. */
function amendEvent(group: number, action: OfEvent): boolean {
  const own = !("group" in action) || !action.group || action.group === group;
  const entry = house.entry(own ? group : action.group!);
  if (!entry?.event || (own && action.seq <= entry.head)) return false; // the list has it already
  const event = changedEntry(entry.event, action, house.user);
  const named = action.type === "event_changed" ? { name: action.says.name } : {};
  house.amend(entry.group, { event, ...named });
  return placeMoved(entry.event, event);
}

/** After a snapshot the list says of an event what that says; how one stands comes with the list. */
export function listFrom(state: GroupState): void {
  const entry = house.entry(state.group);
  if (!state.event || !entry?.event || state.seq <= entry.head) return;
  house.amend(state.group, { name: state.name, event: { ...state.event, mine: entry.event.mine } });
}

/** The events of a room are as archived as it is. */
function archiveEvents(room: number, archived: boolean): void {
  for (const { group, parent } of [...house.events, ...house.old.values()]) {
    if (parent !== room) continue;
    house.amend(group, { archived });
    house.amend(group, { may_post: mayPost(group) });
  }
}

/** In a club, its rooms and events: as the server judges it. */
function mayPost(group: number): boolean {
  const entry = house.entry(group);
  return entry !== null && !entry.suspended && !entry.archived && (!entry.announce || entry.manages);
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
    ...UNDECIDED,
    level: null,
    mute: null,
    people: [],
    event: null,
  };
}
