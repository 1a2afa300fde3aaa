// What one query may ask for at most. Whoever asks for more is told so before the database hears of it.

import { getNamedType, isCompositeType, Kind } from "graphql";

export const DEPTH_MAX = 8;
export const FIELDS_MAX = 300;
export const PAGE_MAX = 100;
export const ROWS_MAX = 5_000;

export class TooMuch extends Error {}

/** Walks an operation that is valid for the schema, fragments and all. Throws TooMuch. */
export function bound(schema, document, operation, variables) {
  const fragments = new Map();
  for (const one of document.definitions) {
    if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
  }
  const root = schema.getRootType(operation.operation);
  const seen = { schema, fragments, variables, fields: 0, rows: 0 };
  walk(operation.selectionSet, root, 1, 1, seen);
}

function walk(selections, type, depth, times, seen) {
  for (const one of selections.selections) {
    if (one.kind === Kind.FIELD) field(one, type, depth, times, seen);
    else fragment(one, type, depth, times, seen);
  }
}

function fragment(one, type, depth, times, seen) {
  const found = one.kind === Kind.FRAGMENT_SPREAD ? seen.fragments.get(one.name.value) : one;
  const on = found.typeCondition ? seen.schema.getType(found.typeCondition.name.value) : type;
  counted(seen);
  walk(found.selectionSet, on, depth, times, seen);
}

function field(one, type, depth, times, seen) {
  counted(seen);
  const name = one.name.value;
  if (name.startsWith("__")) return; // it asks no database, and graphql bounds it by itself
  if (depth > DEPTH_MAX) throw new TooMuch(`At most ${DEPTH_MAX} levels.`);
  const known = type.getFields()[name];
  let here = times;
  if (known.args.some((argument) => argument.name === "first")) {
    here = times * page(one, seen.variables);
    seen.rows += here;
    if (seen.rows > ROWS_MAX) throw new TooMuch(`At most ${ROWS_MAX} rows.`);
  }
  const below = getNamedType(known.type);
  if (one.selectionSet && isCompositeType(below)) walk(one.selectionSet, below, depth + 1, here, seen);
}

function counted(seen) {
  seen.fields += 1;
  if (seen.fields > FIELDS_MAX) throw new TooMuch(`At most ${FIELDS_MAX} fields.`);
}

/** How many rows a list may have. */
function page(one, variables) {
  const said = one.arguments.filter(({ name }) => name.value === "first" || name.value === "last");
  const sizes = said.map(({ value }) => number(value, variables)).filter((size) => size !== null);
  if (sizes.length === 0) throw new TooMuch(`Each list needs "first" or "last", at most ${PAGE_MAX}.`);
  const most = Math.max(...sizes);
  if (!(most >= 0 && most <= PAGE_MAX)) throw new TooMuch(`A list has at most ${PAGE_MAX} rows at once.`);
  return most;
}

function number(value, variables) {
  if (value.kind === Kind.VARIABLE) return variables[value.name.value] ?? null;
  return value.kind === Kind.INT ? Number(value.value) : null;
}
