/**
 * Names in what one writes: on the wire `<@user id>`, `<@label:id>` or `<@all>`; in the box `@Ann Lee`. Only what was picked from
 * the list becomes a mention; what looks like one and was typed stays text. What stands in code calls nobody. Pure.
 */

export interface Picked {
  /** As it stands after the @. */
  name: string;
  /** Whom it means: a user id, "all", or "label:" and the id of a label. */
  user: string;
}

const ON_WIRE = /<@([^<>\s]{1,255})>/gu;
const IN_WORD = /^[\p{L}\p{N}_]/u;

/**
 * Puts ids for the names that were picked. Where two people bear one name, they are meant in the order in
 * which they were picked.
 */
export function toWire(text: string, picked: readonly Picked[]): string {
  const usersOf = new Map<string, string[]>();
  for (const { name, user } of picked) usersOf.set(name, [...(usersOf.get(name) ?? []), user]);
  const longestFirst = [...usersOf.keys()].filter(Boolean).sort((a, b) => b.length - a.length);
  const met = new Map<string, number>();
  let wire = "";
  for (let at = 0; at < text.length;) {
    const name = text[at] === "@" ? longestFirst.find((each) => stands(each, text, at + 1)) : undefined;
    if (name === undefined) {
      wire += text[at++];
      continue;
    }
    const users = usersOf.get(name)!;
    const nth = met.get(name) ?? 0;
    met.set(name, nth + 1);
    wire += `<@${users[Math.min(nth, users.length - 1)]}>`;
    at += 1 + name.length;
  }
  return wire;
}

/** As many for each name as the text holds, the last ones: what was picked and taken out again means nobody. */
export function pruned(text: string, picked: readonly Picked[]): Picked[] {
  const left = new Map<string, number>();
  for (const { name } of picked) {
    if (left.has(name)) continue;
    const found = [...text.matchAll(/@/g)].filter(({ index }) => stands(name, text, index + 1));
    left.set(name, found.length);
  }
  return picked
    .toReversed()
    .filter(({ name }) => left.set(name, left.get(name)! - 1).get(name)! >= 0)
    .toReversed();
}

/** The name stands there, and does not go on: @Ann is not in @Anna. */
function stands(name: string, text: string, at: number): boolean {
  return text.startsWith(name, at) && !IN_WORD.test(text.slice(at + name.length));
}

/** What the box shows when a message is edited, and whom the names in it mean, one for each time. */
export function fromWire(wire: string, nameOf: (user: string) => string): { text: string; picked: Picked[] } {
  const picked: Picked[] = [];
  const text = wire.replace(ON_WIRE, (_, user: string) => {
    const name = nameOf(user);
    picked.push({ name, user });
    return `@${name}`;
  });
  return { text, picked };
}

const CODE = /```[\s\S]*?(?:```|$)|`[^`\n]*`/g;

/** By name, together with everybody, or by one of the labels that I carry. */
export function callsMe(text: string, me: string, labels: readonly string[] = []): boolean {
  if (!text.includes("<@")) return false;
  const said = text.replace(CODE, " ");
  return ["all", me, ...labels.map(labelKey)].some((called) => said.includes(`<@${called}>`));
}

/** The ids of the labels that a text calls. */
export const labelsCalled = (text: string): string[] =>
  [...text.replace(CODE, " ").matchAll(ON_WIRE)].flatMap(([, called]) => labelOf(called!) ?? []);

const LABEL = "label:";

/** A label as a text names it. */
export const labelKey = (label: string): string => LABEL + label;

/** The id of a label, where that is what is named. */
export const labelOf = (called: string): string | null =>
  called.startsWith(LABEL) ? called.slice(LABEL.length) : null;
