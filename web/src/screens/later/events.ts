/** Events: what comes up, the page of one, and how one is made, changed and held. */

export { default as CancelEventSheet } from "../CancelEventSheet.svelte";
export { default as DoorListSheet } from "../DoorListSheet.svelte";
export { default as DraftSheet } from "../DraftSheet.svelte";
export { default as EventFormSheet } from "../EventFormSheet.svelte";
export { default as EventMenuSheet } from "../EventMenuSheet.svelte";
export { default as EventScreen } from "../EventScreen.svelte";
export { default as UpcomingScreen } from "../UpcomingScreen.svelte";
export { sendUnsentDrafts } from "../../state/sharedDraft.svelte";
