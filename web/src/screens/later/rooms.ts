/** What lies over a room, whoever looks at it. */

export { default as AboutRoomSheet } from "../AboutRoomSheet.svelte";
export { default as AboutTalkSheet } from "../AboutTalkSheet.svelte";
export { default as ActivitySheet } from "../ActivitySheet.svelte";
export { default as AddPeopleSheet } from "../AddPeopleSheet.svelte";
export { default as InviteSheet } from "../InviteSheet.svelte";
export { default as LabelsSheet } from "../LabelsSheet.svelte";
export { default as MembersSheet } from "../MembersSheet.svelte";
export { default as NewRoomSheet } from "../NewRoomSheet.svelte";
export { default as NewTalkSheet } from "../NewTalkSheet.svelte";
export { default as OverMessage } from "../OverMessage.svelte";
export { default as PinsSheet } from "../PinsSheet.svelte";
export { default as RoomsSheet } from "../RoomsSheet.svelte";
export { default as SearchSheet } from "../SearchSheet.svelte";
