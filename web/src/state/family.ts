/** Which family a browser is of, by its name for itself. */

/** Where they keep what one has forbidden differs, and what they demand. */
export type Family = "chromium" | "firefox" | "safari" | "android" | "ios";

export function familyOf(of: { userAgent: string; maxTouchPoints: number }): Family {
  const { userAgent, maxTouchPoints } = of;
  const tablet = userAgent.includes("Macintosh") && maxTouchPoints > 1; // it says that it is a computer
  if (/iPhone|iPad|iPod/.test(userAgent) || tablet) return "ios";
  if (userAgent.includes("Android")) return "android";
  if (userAgent.includes("Firefox/")) return "firefox";
  return userAgent.includes("Chrome/") ? "chromium" : "safari";
}
