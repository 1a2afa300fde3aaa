/** How somebody comes in, and comes back. */

export { default as AnswerSheet } from "../AnswerSheet.svelte";
export { default as CreateSheet } from "../CreateSheet.svelte";
export { default as DoorsSheet } from "../DoorsSheet.svelte";
export { default as ForgotSheet } from "../ForgotSheet.svelte";
export { default as JoinSheet } from "../JoinSheet.svelte";
export { default as PageSheet } from "../PageSheet.svelte";
export { default as ResetSheet } from "../ResetSheet.svelte";
export { default as SignInSheet } from "../SignInSheet.svelte";
export { default as SignedInSheet } from "../SignedInSheet.svelte";
export { default as UnsubscribeSheet } from "../UnsubscribeSheet.svelte";
export { default as VerifySheet } from "../VerifySheet.svelte";
export { default as WaitingSheet } from "../WaitingSheet.svelte";
export { default as WelcomeSheet } from "../WelcomeSheet.svelte";
