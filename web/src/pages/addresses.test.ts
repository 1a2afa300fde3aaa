import { expect, test } from "vitest";
import { isPage } from "./addresses";

test.each(["/about", "/privacy", "/terms/", "/licences", "/en", "/de/", "/de/privacy", "/en/licences"])(
  "%s is a page that the server has",
  (path) => expect(isPage(path)).toBe(true),
);

test.each(["/", "/app", "/de/about", "/fr", "/fr/privacy", "/privacy/x", "/c/42", "/join/about", "/english"])(
  "%s is a view of the app",
  (path) => expect(isPage(path)).toBe(false),
);
