/** Who has which picture, out of the logs of all groups that are held: a face looks the same in each of them. */

import type { Placed } from "../wire/types";
import type { GroupState } from "./apply";
import { house } from "./house.svelte";

/** A group is held from here on: as it says of its members. Whoever has left it may be known elsewhere. */
export function avatarsFrom(state: GroupState): void {
  for (const { user, avatar, left } of state.members.values()) {
    if (avatar) show(user, avatar);
    else if (!left) house.avatars.delete(user);
  }
}

/** After what happened in one group, which is in `house.states` by now. */
export function avatarsAfter(actions: readonly Placed[]): void {
  for (const action of actions) {
    switch (action.type) {
      case "person_pictured":
      case "member_joined":
        if (action.avatar) show(action.user, action.avatar);
        else house.avatars.delete(action.user);
        break;
      case "member_removed":
      case "account_deleted":
        asOthersSay(action.user);
        break;
      default:
        break;
    }
  }
}

/** A group is held no more, and whom only it told of is nobody to this person. */
export function avatarsWithout(state: GroupState): void {
  for (const { user } of state.members.values()) {
    asOthersSay(user);
  }
}

function show(user: string, avatar: string): void {
  if (house.avatars.get(user) !== avatar) house.avatars.set(user, avatar);
}

/** Whoever has left a group may have changed their picture since, and only the others were told. */
function asOthersSay(user: string): void {
  for (const state of house.states.values()) {
    const avatar = state.members.get(user)?.avatar;
    if (avatar) return show(user, avatar);
  }
  house.avatars.delete(user);
}
