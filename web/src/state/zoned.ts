/** Local times of a zone and moments, as the server makes one of the other. Pure. */

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** The clock of a zone at a moment: "2026-11-28T18:30". */
export function localOf(at: number, zone: string): string {
  const parts = Object.fromEntries(
    clock(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return `${parts.year!.padStart(4, "0")}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

/** When that is. A time that is left out that day is an hour later; of one that comes twice it is the first. */
export function momentOf(local: string, zone: string): number {
  const bare = Date.parse(`${local}:00Z`);
  const first = bare - offset(bare - DAY_MS, zone);
  if (localOf(first, zone) === local) return first;
  const second = bare - offset(bare + DAY_MS, zone);
  return localOf(second, zone) === local ? second : first;
}

/** How far a zone is from UTC at a moment, in ms. */
const offset = (at: number, zone: string): number =>
  Date.parse(`${localOf(at, zone)}:00Z`) - Math.floor(at / MINUTE_MS) * MINUTE_MS;

function clock(zone: string): Intl.DateTimeFormat {
  let made = formats.get(zone);
  if (!made) formats.set(zone, (made = clockIn(zone) ?? clockIn("UTC")!));
  return made;
}

export const isZone = (zone: string): boolean => clockIn(zone) !== null;

/** Null = this browser does not know the zone. */
function clockIn(zone: string): Intl.DateTimeFormat | null {
  const two = "2-digit";
  const day = { year: "numeric", month: two, day: two } as const;
  try {
    const options = { ...day, hour: two, minute: two, hourCycle: "h23", timeZone: zone } as const;
    return new Intl.DateTimeFormat("en-GB", options);
  } catch {
    return null;
  }
}
