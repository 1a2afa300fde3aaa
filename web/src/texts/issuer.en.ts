/** Signing in by an issuer that the host has named. */

export const issuer = {
  goOn: (name: string) => `Continue with ${name}`,
  or: "or",
  onlyLead: (name: string) => `Here one signs in with ${name}.`,
  signsIn: (name: string) => `Signs in with ${name}`,
  looking: "Signing in…",
  connecting: "Connecting…",

  title: "Signing in",
  denied: (name: string) => `You did not let ${name} tell us who you are, so nobody was signed in.`,
  refused: (name: string) => `${name} could not sign you in. Try again.`,
  lost: "This sign-in was not begun in this browser, or it took too long. Begin again.",
  taken: (name: string) =>
    `This account at ${name} already leads to somebody else here. Sign in with it to see who.`,
  again: "Try again",
  otherWays: "Other ways to sign in",
  back: "Go back",

  nameTitle: "You are in.",
  nameLead: "How are you called? Everyone in your clubs sees it.",
  nameSubmit: "Go on",

  connected: (day: string) => `Connected since ${day}`,
  lead: (name: string) => `Sign in here with your account at ${name}.`,
  connect: (name: string) => `Connect ${name}`,
  disconnect: "Disconnect",
  disconnectOne: (name: string) => `Disconnect ${name}`,
  disconnectTitle: (name: string) => `Disconnect ${name}?`,
  disconnectLead: "Nobody gets into your account by it any more. Your devices stay signed in.",
  lastWay: "It is your only way in. Add a password or a passkey first.",
  lastWayOnly: "It is your only way in, and there is no other here.",
};

export const issuerErrors = {
  not_vouched: "The sign-in did not come back as it should. Begin again.",
  issuer_only: "Here one signs in by the issuer of this place alone.",
};
