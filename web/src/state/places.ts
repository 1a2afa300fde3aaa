/** Where one was reading in each room, for this tab: so that Back, Forward and a reload lead there again. */

export interface Place {
  key: string;
  seq: number;
  /** How far under the upper edge, in pixels. */
  offset: number;
}

const name = (group: number) => `clubroom.place.${group}`;

export function placeIn(group: number): Place | null {
  const kept = sessionStorage.getItem(name(group));
  return kept ? (JSON.parse(kept) as Place) : null;
}

export function keepPlace(group: number, place: Place | null): void {
  if (place) sessionStorage.setItem(name(group), JSON.stringify(place));
  else sessionStorage.removeItem(name(group));
}
