/** What a club is run with, and the place that all clubs stand in. */

export { default as BlocksSheet } from "../BlocksSheet.svelte";
export { default as BringSheet } from "../BringSheet.svelte";
export { default as ClubMenuSheet } from "../ClubMenuSheet.svelte";
export { default as ClubSettingsSheet } from "../ClubSettingsSheet.svelte";
export { default as CodesSheet } from "../CodesSheet.svelte";
export { default as ContactSheet } from "../ContactSheet.svelte";
export { default as DeleteClubSheet } from "../DeleteClubSheet.svelte";
export { default as EmotesSheet } from "../EmotesSheet.svelte";
export { default as LeaveClub } from "../LeaveClub.svelte";
export { default as PlaceSheet } from "../PlaceSheet.svelte";
export { default as RecordSheet } from "../RecordSheet.svelte";
export { default as ReportsSheet } from "../ReportsSheet.svelte";
export { default as RequestsSheet } from "../RequestsSheet.svelte";
export { default as StatisticsSheet } from "../StatisticsSheet.svelte";
export { default as StorageSheet } from "../StorageSheet.svelte";
