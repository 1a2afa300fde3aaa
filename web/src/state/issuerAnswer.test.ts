import { expect, test } from "vitest";
import { answerIn } from "./issuerAnswer";

test("what an issuer sends back is an answer, a refusal or nothing", () => {
  expect(answerIn("?state=in.x&code=y&iss=https%3A%2F%2Fissuer.example")).toEqual({
    kind: "answer",
    for: "in",
    answer: { state: "in.x", code: "y", iss: "https://issuer.example" },
  });
  expect(answerIn("?code=y&state=connect.x")).toEqual({
    kind: "answer",
    for: "connect",
    answer: { state: "connect.x", code: "y" },
  });
  expect(answerIn("?error=access_denied&state=connect.x")).toEqual({
    kind: "refusal",
    for: "connect",
    error: "access_denied",
  });
  for (const nothing of ["", "?state=in.x", "?code=y", "?x=y"]) expect(answerIn(nothing)).toBeNull();
});
