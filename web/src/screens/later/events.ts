/** How an event is made, changed and held. */

export { default as CancelEventSheet } from "../CancelEventSheet.svelte";
export { default as DoorListSheet } from "../DoorListSheet.svelte";
export { default as DraftSheet } from "../DraftSheet.svelte";
export { default as EventFormSheet } from "../EventFormSheet.svelte";
export { default as EventMenuSheet } from "../EventMenuSheet.svelte";
