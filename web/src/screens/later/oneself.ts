/** What one's settings lead to. */

export { default as CalendarSheet } from "../CalendarSheet.svelte";
export { default as DataSheet } from "../DataSheet.svelte";
export { default as DeleteAccountSheet } from "../DeleteAccountSheet.svelte";
export { default as DevicesSheet } from "../DevicesSheet.svelte";
export { default as LettersSheet } from "../LettersSheet.svelte";
export { default as NotificationsSheet } from "../NotificationsSheet.svelte";
export { default as ProfileSheet } from "../ProfileSheet.svelte";
export { default as QuietHoursSheet } from "../QuietHoursSheet.svelte";
export { default as SettingsSheet } from "../SettingsSheet.svelte";
export { default as WaysInSheet } from "../WaysInSheet.svelte";
