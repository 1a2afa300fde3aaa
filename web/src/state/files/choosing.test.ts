import { expect, test } from "vitest";
import { chosen, FILES_A_MESSAGE_MAX, shownName } from "./choosing";

const file = (name: string, type: string, size = 1_000) => ({ name, type, size });

test("photos and documents are taken, each as what it is", () => {
  expect(chosen(file("a.jpg", "image/jpeg"), 0)).toEqual({ kind: "image", type: "image/jpeg" });
  expect(chosen(file("a.pdf", "application/pdf"), 0)).toEqual({ kind: "document", type: "application/pdf" });
});

test("what the browser does not know is known by the end of its name", () => {
  const score = { kind: "document", type: "application/vnd.recordare.musicxml" };
  expect(chosen(file("Score.MXL", ""), 0)).toEqual(score);
  expect(chosen(file("Score.mid", "audio/mid"), 0)).toEqual({ kind: "document", type: "audio/midi" });
  expect(chosen(file("minutes.csv", "application/vnd.ms-excel"), 0)).toMatchObject({ type: "text/csv" });
});

test("a picture of a kind that is not sent is taken, too: the browser makes another of it", () => {
  expect(chosen(file("a.heic", "image/heic"), 0)).toEqual({ kind: "image", type: "image/heic" });
});

test("programs and drawings that can hold programs are refused before anything is uploaded", () => {
  for (const one of [file("a.exe", "application/x-msdownload"), file("a.svg", "image/svg+xml")])
    expect(chosen(one, 0)).toEqual({ refused: "file_type" });
  expect(chosen(file("page.html", "text/html"), 0)).toEqual({ refused: "file_type" });
});

test("too large is said before upload: at once for what stays as it is, for photos only if absurd", () => {
  expect(chosen(file("a.pdf", "application/pdf", 25_000_001), 0)).toEqual({ refused: "file_too_large" });
  expect(chosen(file("a.pdf", "application/pdf", 25_000_000), 0)).not.toHaveProperty("refused");
  expect(chosen(file("a.gif", "image/gif", 20_000_001), 0)).toEqual({ refused: "file_too_large" });
  expect(chosen(file("a.jpg", "image/jpeg", 30_000_000), 0)).not.toHaveProperty("refused");
  expect(chosen(file("a.jpg", "image/jpeg", 200_000_000), 0)).toEqual({ refused: "file_too_large" });
});

test("what is more than is left is said before upload, a photo only where nothing is left", () => {
  const pdf = file("a.pdf", "application/pdf", 2_000);
  expect(chosen(pdf, 0, { day: 2_000, space: 2_000 })).not.toHaveProperty("refused");
  expect(chosen(pdf, 0, { day: 1_999, space: 1_000 })).toEqual({ refused: "day_full" });
  expect(chosen(pdf, 0, { day: 2_000, space: 1_999 })).toEqual({ refused: "space_full" });
  const photo = file("a.jpg", "image/jpeg", 5_000_000);
  expect(chosen(photo, 0, { day: 2_000, space: 2_000 })).not.toHaveProperty("refused");
  expect(chosen(photo, 0, { day: 0, space: 2_000 })).toEqual({ refused: "day_full" });
});

test("an empty file is no file", () => {
  expect(chosen(file("a.txt", "text/plain", 0), 0)).toEqual({ refused: "empty" });
});

test("a message has at most ten", () => {
  expect(chosen(file("a.jpg", "image/jpeg"), FILES_A_MESSAGE_MAX - 1)).not.toHaveProperty("refused");
  expect(chosen(file("a.jpg", "image/jpeg"), FILES_A_MESSAGE_MAX)).toEqual({ refused: "too_many" });
});

test("a name that is too long keeps its end, by which it is opened", () => {
  const name = shownName(`${"x".repeat(300)}.pdf`);
  expect([...name]).toHaveLength(100);
  expect(name.endsWith(".pdf")).toBe(true);
  expect(shownName("plan.pdf")).toBe("plan.pdf");
});
