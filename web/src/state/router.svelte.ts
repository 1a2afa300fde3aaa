/** Which view a URL means, on the History API. Back and Forward work by themselves. */

import { isPage } from "../pages/addresses";

/** What lies over a room. */
const OVERS = [
  "members",
  "labels",
  "emotes",
  "invite",
  "rooms",
  "new-room",
  "new-message",
  "chat",
  "about",
  "add",
  "pins",
  "codes",
  "requests",
  "reports",
  "blocks",
  "search",
  "bring",
  "reach",
  "settings",
  "audit",
  "leave",
  "delete",
  "check-in",
  "statistics",
  "storage",
  "new-event",
  "edit-event",
  "copy-event",
  "cancel-event",
] as const;
export type Over = (typeof OVERS)[number];

/** What one's settings lead to. */
const OWN_PARTS = [
  "profile",
  "quiet",
  "sign-in",
  "devices",
  "notifications",
  "letters",
  "calendar",
  "data",
  "delete",
] as const;
export type OwnPart = (typeof OWN_PARTS)[number];

export type Route =
  | { view: "doors" }
  | { view: "join"; code: string }
  | { view: "join-or-create" }
  | { view: "create" }
  | { view: "sign-in" }
  | { view: "welcome" }
  | { view: "clubs" }
  | {
      view: "room";
      group: number;
      over: Over | null;
      message: string | null;
      person: string | null;
      /** Somebody comes to that message to answer it. */
      write?: true;
      /** Which draft of an event is gone on with. */
      draft?: string;
    }
  | { view: "waiting" }
  | { view: "activity" }
  | { view: "upcoming" }
  | { view: "host" }
  /** One that is read without the app, and could not be had. */
  | { view: "page" }
  | { view: "settings"; part: OwnPart | null }
  | { view: "verify" | "reset" | "forgot" | "mail" | "answer" | "signed-in" };

export function routeOf(path: string): Route {
  if (isPage(path)) return { view: "page" };
  const [first = "", second = "", third = "", fourth = "", fifth = ""] = path
    .split("/")
    .filter(Boolean)
    .map(decoded);
  switch (first) {
    case "join":
      return { view: "join", code: second };
    case "join-or-create":
    case "create":
    case "sign-in":
    case "welcome":
    case "clubs":
    case "waiting":
    case "activity":
    case "upcoming":
    case "host":
    case "verify":
    case "reset":
    case "forgot":
    case "mail":
    case "answer":
    case "signed-in":
      return { view: first };
    case "settings":
      return { view: "settings", part: OWN_PARTS.find((part) => part === second) ?? null };
    case "c":
      if (!/^\d{1,15}$/.test(second)) return { view: "doors" };
      return {
        view: "room",
        group: Number(second),
        over: OVERS.find((over) => over === third) ?? null,
        message: third === "m" && UUID.test(fourth) ? fourth : null,
        person: (third === "members" && fourth) || null,
        ...(third === "m" && fifth === "write" ? { write: true } : {}),
        ...(third === "new-event" && UUID.test(fourth) ? { draft: fourth } : {}),
      };
    default:
      return { view: "doors" };
  }
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}

class Router {
  path = $state(location.pathname);
  readonly route: Route = $derived(routeOf(this.path));

  /** How many steps back stay within Clubroom. */
  get #depth(): number {
    return (history.state as { depth?: number } | null)?.depth ?? 0;
  }

  start(): void {
    addEventListener("popstate", () => (this.path = location.pathname));
    document.addEventListener("click", (event) => this.#follow(event));
  }

  go(path: string, how: { replace?: boolean } = {}): void {
    if (path === location.pathname) return;
    if (how.replace) history.replaceState({ depth: this.#depth }, "", path);
    else history.pushState({ depth: this.#depth + 1 }, "", path);
    this.path = path;
  }

  /** Out of a sheet: back to where it was opened, or to `otherwise` when the sheet came first. */
  close(otherwise: string): void {
    if (this.#depth > 0) history.back();
    else this.go(otherwise, { replace: true });
  }

  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.("a[href]");
    if (!(link instanceof HTMLAnchorElement) || link.target || link.origin !== location.origin) return;
    if (link.hasAttribute("download") || link.pathname.startsWith("/api")) return;
    if (isPage(link.pathname)) return; // read without the app
    event.preventDefault();
    this.go(link.pathname, { replace: link.dataset.replace !== undefined });
  }
}

export const router = new Router();
