/** Which sheet an address lays over what one looks at, and what it is given. All of them come later. */

import { runs } from "../state/clubs";
import type { Given, Late, LateSheet } from "../state/late";
import { mayMakeEvents } from "../state/planning";
import type { OwnPart, Over, Route } from "../state/router.svelte";
import type { GroupEntry } from "../wire/types";
import { club, doors, events, rooms, settings, type PropsOf } from "./later";

/** Who looks at what, and the ways out of a sheet. */
export interface Standing {
  route: Route;
  inside: boolean;
  hasClubs: boolean;
  host: boolean;
  group: number;
  entry: GroupEntry | null;
  away: () => void;
  toRoom: () => void;
  toSettings: () => void;
}

/** What the sheet is given; null = it is not for whoever stands there. */
type Giving<P = Given> = (at: Standing) => P | null;

/** One sheet: where it comes from, and when. */
interface Sheet {
  from: Late<object>;
  name: string;
  given: Giving;
}

/** Null = nothing lies over it, or not for whoever stands there. */
export function sheetOver(at: Standing): LateSheet | null {
  for (const sheet of sheetsFor(at.route)) {
    const given = sheet.given(at);
    if (given) return { from: sheet.from, name: sheet.name, given, key: keyOf(sheet, at) };
  }
  return null;
}

function sheetsFor(route: Route): readonly Sheet[] {
  if (route.view === "room") return (route.over && OVER_ROOM[route.over]) ?? [];
  if (route.view === "settings") return [OWN[route.part ?? "settings"]];
  const sheet = OVER[route.view];
  return sheet ? [sheet] : [];
}

function keyOf(sheet: Sheet, { route, group }: Standing): string {
  if (route.view === "room") return `${sheet.name} ${group} ${route.draft ?? ""}`;
  return route.view === "join" ? `${sheet.name} ${route.code}` : sheet.name;
}

/** The compiler sees to it that the sheet takes what it is given. */
function sheet<M extends object, N extends keyof M & string>(
  from: Late<M>,
  name: N,
  given: Giving<PropsOf<M[N]>>,
): Sheet {
  return { from, name, given: given as unknown as Giving };
}

const closing = ({ away }: Standing) => ({ onclose: away });
const indoors = (at: Standing) => (at.inside ? closing(at) : null);

const OVER: Partial<Record<Route["view"], Sheet>> = {
  join: sheet(doors, "JoinSheet", ({ route, away }) =>
    route.view === "join" ? { code: route.code, onclose: away } : null,
  ),
  "join-or-create": sheet(doors, "DoorsSheet", (at) => (at.hasClubs ? closing(at) : null)),
  create: sheet(doors, "CreateSheet", closing),
  "sign-in": sheet(doors, "SignInSheet", closing),
  "signed-in": sheet(doors, "SignedInSheet", closing),
  waiting: sheet(doors, "WaitingSheet", indoors),
  activity: sheet(rooms, "ActivitySheet", indoors),
  welcome: sheet(doors, "WelcomeSheet", closing),
  host: sheet(club, "PlaceSheet", (at) => (at.host ? indoors(at) : null)),
  verify: sheet(doors, "VerifySheet", closing),
  answer: sheet(doors, "AnswerSheet", closing),
  mail: sheet(doors, "UnsubscribeSheet", closing),
  reset: sheet(doors, "ResetSheet", closing),
  forgot: sheet(doors, "ForgotSheet", closing),
  page: sheet(doors, "PageSheet", closing),
};

const own = ({ inside, toSettings }: Standing) => (inside ? { onclose: toSettings } : null);

const OWN: Record<OwnPart | "settings", Sheet> = {
  settings: sheet(settings, "SettingsSheet", indoors),
  profile: sheet(settings, "ProfileSheet", own),
  quiet: sheet(settings, "QuietHoursSheet", own),
  "sign-in": sheet(settings, "WaysInSheet", own),
  devices: sheet(settings, "DevicesSheet", own),
  letters: sheet(settings, "LettersSheet", own),
  notifications: sheet(settings, "NotificationsSheet", own),
  calendar: sheet(settings, "CalendarSheet", own),
  data: sheet(settings, "DataSheet", own),
  delete: sheet(settings, "DeleteAccountSheet", own),
};

const ofGroup = ({ group, toRoom }: Standing) => ({ group, onclose: toRoom });
const ofClub = ({ group, toRoom }: Standing) => ({ club: group, onclose: toRoom });

/** For a room that one is in. */
const known =
  <P>(given: Giving<P>): Giving<P> =>
  (at) =>
    at.inside && at.entry ? given(at) : null;

/** For whoever runs the club, also where it is looked at from one of its rooms. */
const running =
  <P>(given: Giving<P>): Giving<P> =>
  (at) =>
    at.inside && runs(at.group) ? given(at) : null;

/** For a room of that kind, with what is known of it. */
const ofKind =
  <P>(kind: GroupEntry["kind"], given: (entry: GroupEntry, at: Standing) => P | null): Giving<P> =>
  (at) =>
    at.inside && at.entry?.kind === kind ? given(at.entry, at) : null;

const withEntry = (entry: GroupEntry, { toRoom }: Standing) => ({ entry, onclose: toRoom });

/** The first that is for whoever stands there is shown. */
const OVER_ROOM: Partial<Record<Over, readonly Sheet[]>> = {
  members: [
    sheet(rooms, "MembersSheet", (at) => {
      const person = at.route.view === "room" ? at.route.person : null;
      return at.inside ? { ...ofGroup(at), person } : null;
    }),
  ],
  invite: [sheet(rooms, "InviteSheet", (at) => (at.inside ? ofGroup(at) : null))],
  rooms: [sheet(rooms, "RoomsSheet", known(ofClub))],
  labels: [sheet(rooms, "LabelsSheet", known(ofClub))],
  "new-room": [sheet(rooms, "NewRoomSheet", known(ofClub))],
  "new-message": [sheet(rooms, "NewTalkSheet", known(ofClub))],
  add: [sheet(rooms, "AddPeopleSheet", known(ofGroup))],
  search: [sheet(rooms, "SearchSheet", known(ofGroup))],
  pins: [sheet(rooms, "PinsSheet", known(ofGroup))],
  codes: [sheet(club, "CodesSheet", running(ofClub))],
  requests: [sheet(club, "RequestsSheet", running(ofClub))],
  reports: [sheet(club, "ReportsSheet", running(ofClub))],
  blocks: [sheet(club, "BlocksSheet", running(ofClub))],
  bring: [sheet(club, "BringSheet", running(ofClub))],
  reach: [
    sheet(
      club,
      "ContactSheet",
      ofKind("club", (_, at) => ofClub(at)),
    ),
  ],
  about: [
    sheet(rooms, "AboutRoomSheet", ofKind("channel", withEntry)),
    sheet(rooms, "AboutTalkSheet", ofKind("dm", withEntry)),
    sheet(events, "EventMenuSheet", ofKind("event", withEntry)),
    sheet(club, "ClubMenuSheet", ofKind("club", withEntry)),
  ],
  emotes: [
    sheet(
      club,
      "EmotesSheet",
      ofKind("club", (_, at) => ofClub(at)),
    ),
  ],
  leave: [
    sheet(
      club,
      "LeaveClub",
      ofKind("club", (_, at) => ofGroup(at)),
    ),
  ],
  settings: [
    sheet(
      club,
      "ClubSettingsSheet",
      running((at) => withEntry(at.entry!, at)),
    ),
  ],
  statistics: [sheet(club, "StatisticsSheet", running(ofGroup))],
  storage: [sheet(club, "StorageSheet", running(ofGroup))],
  audit: [sheet(club, "RecordSheet", running(ofGroup))],
  delete: [
    sheet(
      club,
      "DeleteClubSheet",
      ofKind("club", ({ role }, at) => (role === "owner" ? ofGroup(at) : null)),
    ),
  ],
  "check-in": [
    sheet(events, "DoorListSheet", ({ inside, entry, toRoom }) =>
      inside && entry?.event && entry.manages ? { entry, event: entry.event, onclose: toRoom } : null,
    ),
  ],
  "new-event": [
    sheet(events, "DraftSheet", (at) => {
      const draft = at.route.view === "room" ? at.route.draft : undefined;
      return at.inside && at.entry && draft ? { ...ofGroup(at), draft } : null;
    }),
    sheet(
      events,
      "EventFormSheet",
      known((at) => (mayMakeEvents(at.group) ? { ...ofGroup(at), mode: "new" } : null)),
    ),
  ],
  "edit-event": [
    sheet(
      events,
      "EventFormSheet",
      ofKind("event", ({ manages }, at) => (manages ? { ...ofGroup(at), mode: "edit" } : null)),
    ),
  ],
  "copy-event": [
    sheet(
      events,
      "EventFormSheet",
      ofKind("event", (_, at) => ({ ...ofGroup(at), mode: "copy" })),
    ),
  ],
  "cancel-event": [
    sheet(
      events,
      "CancelEventSheet",
      ofKind("event", (entry, at) => (entry.manages ? withEntry(entry, at) : null)),
    ),
  ],
};
