-- Events. Each has a group of its own that inherits from the club or room it is for, so that its chat, and who may read
-- it, is as in every room. A series has one group; people answer to each occurrence. Decision 0035.
--
--   events       what it is, as its log says it (`says`, EventSays in actions/events.py)
--   occurrences  when it takes place; `key` stays when one is moved: it is what people answer to
--   answers      what each of them says, and what comes of it

alter table groups drop constraint groups_kind_check;
alter table groups add check (kind in ('club', 'admins', 'self', 'channel', 'dm', 'event'));
alter table groups add events_by_members boolean not null default false;  -- of a club
alter table messages add event bigint;       -- the group of the event whose card this message is

create table events(
  group_id bigint primary key references groups,
  key uuid not null unique,                  -- named by the client (L8)
  by_user bigint not null references users,
  mac bytea not null,                        -- of what it was made with: whoever repeats that makes no other
  says jsonb not null check (octet_length(says::text) <= 20000),
  places int generated always as ((says ->> 'places')::int) stored,
  guests_max int not null generated always as ((says ->> 'guests')::int) stored,
  closes_min int not null generated always as ((says ->> 'closes_min')::int) stored,
  by_label boolean not null generated always as (says -> 'label_places' <> '[]') stored,
  listed boolean not null generated always as (says ->> 'list_shown' = 'all') stored,  -- everybody sees who comes
  over_at timestamptz,                       -- the end of its last occurrence; null = one of them has no date
  changed_at timestamptz not null default clock_timestamp(),  -- when it was last planned, moved or cancelled
  cancelled_at timestamptz);

create table occurrences(
  group_id bigint not null references events on delete cascade,
  key text not null check (length(key) between 1 and 16),
  starts_at timestamptz,                     -- null = no date yet
  ends_at timestamptz check (ends_at > starts_at),
  place text,                                -- where it differs from the event's
  cancelled boolean not null default false,
  planned text,                              -- the local start that the rule gives it; null = it gives it none (any more)
  primary key (group_id, key));
create index occurrences_at on occurrences(starts_at);

create table answers(
  group_id bigint not null,
  key text not null,
  user_id bigint not null references users,
  answer text not null check (answer in ('going', 'maybe', 'no')),
  guests int not null default 0 check (guests >= 0),
  note text not null default '' check (length(note) <= 200),
  standing text not null check (standing in ('in', 'offered', 'waiting', 'out')),
  label uuid,                                -- whose places they take
  at timestamptz not null,
  by_user bigint references users,           -- who answered for them
  queued_seq bigint,                         -- where in the log they came to the waiting list
  until timestamptz,                         -- how long a place is held for them
  again boolean not null default false,      -- time or place changed since they said so
  primary key (group_id, key, user_id),
  foreign key (group_id, key) references occurrences on delete cascade,
  check ((standing in ('offered', 'waiting')) = (queued_seq is not null)),
  check ((standing = 'offered') = (until is not null)));
create index answers_waiting on answers(group_id, key, queued_seq) where queued_seq is not null;
create index answers_lapsing on answers(until) where until is not null;
create index answers_of on answers(user_id);

-- --- what is told of an event ---------------------------------------------------------------------------------

create function _counts(g bigint, keys text[]) returns table(key text, counts jsonb)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with by_label as (
    select a.key, a.label, sum(1 + a.guests) as n from answers a where a.group_id = g and a.key = any(keys)
      and a.standing in ('in', 'offered') and a.label is not null group by a.key, a.label),
  labelled as (select l.key, jsonb_object_agg(l.label, l.n) as labels from by_label l group by l.key),
  people as (
    select a.key, count(*) filter (where standing = 'in') as going, count(*) filter (where answer = 'maybe') as maybe,
      count(*) filter (where answer = 'no') as no, count(*) filter (where queued_seq is not null) as waiting,
      sum(1 + guests) filter (where standing in ('in', 'offered')) as taken
    from answers a where a.group_id = g and a.key = any(keys) group by a.key)
  select asked.key, jsonb_build_object('going', coalesce(p.going, 0), 'maybe', coalesce(p.maybe, 0),
    'no', coalesce(p.no, 0), 'waiting', coalesce(p.waiting, 0), 'taken', coalesce(p.taken, 0),
    'labels', coalesce(l.labels, '{}'))
  from unnest(keys) asked(key) left join people p on p.key = asked.key left join labelled l on l.key = asked.key $$;

create function _event_counts(g bigint, at_key text) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select counts from _counts(g, array[at_key]) $$;

create function _occurrence_json(o occurrences) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_strip_nulls(jsonb_build_object('key', o.key, 'start', _rfc3339(o.starts_at), 'end', _rfc3339(o.ends_at),
    'place', o.place, 'cancelled', case when o.cancelled then true end)) $$;

create function _occurrences_json(g bigint) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select coalesce(jsonb_agg(_occurrence_json(o) order by o.key), '[]') from occurrences o where o.group_id = g $$;

-- For the snapshot and the list of one's own groups; null = of no event.
create function _event_json(g bigint) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select e.says - 'name' || jsonb_build_object('event', e.key, 'by', _sub(e.by_user),
    'cancelled', e.cancelled_at is not null,
    'occurrences', (select coalesce(jsonb_agg(_occurrence_json(o) || jsonb_build_object('counts', c.counts)
      order by o.key), '[]') from occurrences o
      join _counts(g, array(select key from occurrences where group_id = g)) c on c.key = o.key where o.group_id = g))
  from events e where e.group_id = g $$;

create function _own_answers(who bigint, g bigint) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('key', a.key, 'answer', a.answer, 'standing', a.standing,
      'guests', nullif(a.guests, 0), 'note', nullif(a.note, ''), 'until', _rfc3339(a.until), 'label', a.label,
      'again', case when a.again then true end, 'ahead', case when a.standing = 'waiting' then (
        select nullif(count(*), 0) from answers b where b.group_id = g and b.key = a.key and b.queued_seq < a.queued_seq
          and b.label is not distinct from a.label) end)) order by a.key), '[]')
  from answers a where a.user_id = who and a.group_id = g $$;

-- As in 0009, and `event`.
create or replace function _shown(m messages) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_strip_nulls(jsonb_build_object('id', m.id, 'group', m.group_id, 'seq', m.seq,
    'author', _sub(m.author), 'text', coalesce(m.text, ''), 'sent_at', _rfc3339(m.sent_at), 'reply_to', m.reply_to,
    'event', case when m.deleted_at is null then m.event end,
    'edited_at', case when m.deleted_at is null then _rfc3339(m.edited_at) end,
    'deleted', case when m.deleted_at is not null then true end,
    'emotes', (select jsonb_agg(jsonb_build_object('emote', e.emote, 'users', e.users) order by e.emote collate "C")
      from (select emote, jsonb_agg(u.sub order by u.sub collate "C") as users
            from emotes x join users u on u.id = x.user_id where x.message_id = m.id group by emote) e))) $$;

-- As in 0014, without past events: those are in nobody's list, and no socket hears them that does not ask for them.
create or replace function _my_groups(who bigint, most int default 100) returns setof jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with called as (
    select array[who, 0] || array(select -label_id from member_labels where user_id = who) as by)
  select _group_json(g) || jsonb_build_object(
    'role', r.role, 'head', g.head, 'read', coalesce(p.seq, 0),
    'unread', (select count(*) from (
       select * from messages x where x.group_id = g.id and x.seq >= fresh.first_seq order by x.seq desc limit most) x
       where x.author <> who and x.deleted_at is null and (not r.inherits or x.sent_at >= r.opened_at)),
    'mentions', (select least(count(distinct x.seq), most) from called, unnest(called.by) as c(called)
       cross join lateral (
         select n.seq from mentions n where n.group_id = g.id and n.user_id = c.called and n.seq >= fresh.first_seq
           order by n.seq desc limit most) n
       join messages x on x.group_id = g.id and x.seq = n.seq
       where x.author <> who and (not r.inherits or x.sent_at >= r.opened_at)),
    'manages', r.manages, 'may_post', r.may_post,
    'followed', case when r.inherits then _follows(who, g.id) else true end,
    'people', coalesce((
       select jsonb_agg(jsonb_build_object('user', u.sub, 'name', u.name) order by u.sub)
       from dms d join users u on u.id = any(d.people) where d.group_id = g.id and u.id <> who), '[]'))
  from readers r join groups g on g.id = r.group_id
  left join read_pointers p on p.user_id = who and p.group_id = g.id
  left join events e on e.group_id = g.id
  cross join lateral (select greatest(coalesce(p.seq, 0) + 1, r.first_seq, case
      when not r.inherits then r.since_seq
      when (select x.sent_at from messages x where x.group_id = g.id order by x.seq desc limit 1) >= r.opened_at then 1
      else g.head + 1 end) as first_seq) fresh
  where r.user_id = who and (e.over_at is null or e.over_at >= now() - interval '14 days') order by g.id $$;

-- As in 0032, and the event where it is one.
alter function my_groups(bigint, int) rename to _groups_with_levels;
create function my_groups(who bigint, most int default 100) returns setof jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select entry || jsonb_build_object('event', case when entry ->> 'kind' = 'event'
    then _event_json((entry ->> 'group')::bigint)
      || jsonb_build_object('mine', _own_answers(who, (entry ->> 'group')::bigint)) end)
  from _groups_with_levels(who, most) with ordinality as mine(entry, place) order by place $$;

-- As in 0008, without past events that are not asked for.
create or replace function readable_groups(who bigint, gs bigint[])
returns table(group_id bigint, head bigint, first bigint, read bigint, inherits boolean)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with asked as (
    select unnest(gs) as id union select g.id from groups g left join events e on e.group_id = g.id
      where g.members_of = any(gs) and g.members_of <> g.id
        and (e.over_at is null or e.over_at >= now() - interval '14 days'))
  select g.id, g.head, r.first_seq, coalesce(p.seq, 0), r.inherits
  from asked a join groups g on g.id = a.id join readers r on r.group_id = g.id and r.user_id = who
  left join read_pointers p on p.user_id = who and p.group_id = g.id order by g.id $$;

alter function snapshot(bigint, bigint, bigint, int) rename to _snapshot;
create function snapshot(who bigint, g bigint, since bigint, n int) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select _snapshot(who, g, since, n) || jsonb_build_object('event', _event_json(g)) $$;

-- --- what a club decides --------------------------------------------------------------------------------------

-- As in 0032, and whether members make events.
create or replace function _group_json(g groups) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object('group', g.id, 'kind', g.kind, 'name', g.name, 'parent', g.parent,
    'private', g.members_of = g.id, 'description', g.description, 'announce', g.announce, 'landing', g.landing,
    'archived', g.archived_at is not null, 'rooms_by_admins', g.rooms_by_admins, 'dms_off', g.dms_off,
    'time_zone', g.time_zone, 'language', g.language, 'sign', g.sign, 'colour', g.colour, 'history', g.history,
    'joining_paused', g.joining_paused, 'members_invite', g.members_invite, 'default_level', g.default_level,
    'events_by_members', g.events_by_members, 'suspended', g.suspended_at is not null) $$;

create or replace function _club_json(g groups) returns jsonb
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object('name', g.name, 'time_zone', g.time_zone, 'language', g.language, 'sign', g.sign,
    'colour', g.colour, 'history', g.history, 'members_invite', g.members_invite, 'announce', g.announce,
    'joining_paused', g.joining_paused, 'rooms_by_admins', g.rooms_by_admins, 'dms_off', g.dms_off,
    'default_level', g.default_level, 'events_by_members', g.events_by_members) $$;

create or replace function _change_club(who bigint, club bigint, change jsonb)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare before groups; after groups; admins bigint := _admins_of(club);
  log logged[];
begin
  perform _lock(array[club, admins]);
  perform _reading(who, club);
  select * into before from groups where id = club;
  if before.kind <> 'club' or before.suspended_at is not null or _role(who, club) = 'member'
    or _role(who, club) = 'admin'
      and change - array['name', 'sign', 'colour', 'joining_paused', 'default_level'] <> '{}'
    or change - array(select jsonb_object_keys(_club_json(before))) <> '{}' then
    perform _fail('forbidden');
  end if;
  update groups set name = coalesce(change ->> 'name', name),
    time_zone = case when change ? 'time_zone' then change ->> 'time_zone' else time_zone end,
    language = case when change ? 'language' then change ->> 'language' else language end,
    sign = case when change ? 'sign' then change ->> 'sign' else sign end,
    colour = coalesce((change ->> 'colour')::smallint, colour),
    history = coalesce(change ->> 'history', history),
    members_invite = coalesce((change ->> 'members_invite')::boolean, members_invite),
    announce = coalesce((change ->> 'announce')::boolean, announce),
    joining_paused = coalesce((change ->> 'joining_paused')::boolean, joining_paused),
    rooms_by_admins = coalesce((change ->> 'rooms_by_admins')::boolean, rooms_by_admins),
    dms_off = coalesce((change ->> 'dms_off')::boolean, dms_off),
    default_level = case when change ? 'default_level' then change ->> 'default_level' else default_level end,
    events_by_members = coalesce((change ->> 'events_by_members')::boolean, events_by_members)
    where id = club returning * into after;
  if _club_json(before) = _club_json(after) then return row(null, null)::outcome; end if;
  log := array[_append(club, null, (jsonb_build_object('type', 'club_changed', 'by', _sub(who)) || _club_json(after)
    || case when after.name <> before.name then jsonb_build_object('was', before.name) else '{}' end)::json)];
  if after.name <> before.name then
    update groups set name = after.name where id = admins;
    log := log || _append(admins, null, json_build_object('type', 'group_renamed', 'by', _sub(who), 'name', after.name));
  end if;
  perform _audit(club, who, 'club_changed', details => _difference(_club_json(before), _club_json(after)));
  return row(null, log)::outcome;
end $$;

-- --- made, changed, cancelled ---------------------------------------------------------------------------------

-- Who may bring up an event in this group: whoever runs it, and whom the club lets.
create function _may_make_events(who bigint, g groups) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select g.kind in ('club', 'channel') and g.archived_at is null and g.suspended_at is null and exists (
    select 1 from readers r where r.user_id = who and r.group_id = g.id and (r.manages or r.may_post
      and (select events_by_members from groups where id = _club_of(g.id)))) $$;

-- Of the club, all of them, and a host who reads it; else it is refused.
create function _check_event(parent bigint, says jsonb) returns void
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare named uuid[] := array(select (p ->> 'label')::uuid from jsonb_array_elements(says -> 'label_places') p)
  || array(select a::uuid from jsonb_array_elements_text(says -> 'asked') a);
begin
  if exists (select 1 from unnest(named) n where not exists (
      select 1 from labels where key = n and group_id = _club_of(parent))) then
    perform _fail('invalid_field', 'There is no such label.');
  end if;
  if says ->> 'host' is not null and not exists (select 1 from readers r join users u on u.id = r.user_id
      where r.group_id = parent and u.sub = says ->> 'host') then
    perform _fail('invalid_field', 'host: nobody who is here');
  end if;
end $$;

create function _set_occurrences(g bigint, listed jsonb) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  insert into occurrences(group_id, key, starts_at, ends_at, place, cancelled, planned)
  select g, o ->> 'key', (o ->> 'start')::timestamptz, (o ->> 'end')::timestamptz, o ->> 'place',
    coalesce((o ->> 'cancelled')::boolean, false), o ->> 'planned'
  from jsonb_array_elements(listed) o order by o ->> 'key'
  on conflict (group_id, key) do update set starts_at = excluded.starts_at, ends_at = excluded.ends_at,
    place = excluded.place, cancelled = excluded.cancelled, planned = excluded.planned;
  update events set over_at = (
    select case when bool_and(starts_at is not null) then max(coalesce(ends_at, starts_at)) end
    from occurrences where group_id = g) where group_id = g $$;

-- In the log of an event, as one frame (28 KiB): many occurrences and many words do not go together.
create function _append_event(g bigint, body json) returns logged
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  if octet_length(body::text) > 28000 then
    perform _fail('text_too_long', 'Fewer words, or fewer occurrences: all of it is told at once.');
  end if;
  return _append(g, null, body);
end $$;

-- In the record of the club; of a private room nothing stands there (_audit_room in 0016).
create function _audit_event(g bigint, who bigint, what text, target bigint default null, details jsonb default '{}')
returns void language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  if (select members_of from groups where id = g) = _club_of(g) then
    perform _audit(_club_of(g), who, what, target, g, details);
  end if;
end $$;

-- An event with its card in the room that it is for; the same key again gives the same event. `card_text` is what the
-- card says to clients that know no events, to search, and on a lock screen.
create function create_event(
  who bigint, for_group bigint, event_key uuid, event_says jsonb, listed jsonb, card uuid, card_text text, card_mac bytea,
  events_max int)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare parent groups; made events; room groups; begun logged; posted logged;
begin
  perform _lock(array[for_group, _club_of(for_group)]);  -- with the club locked nothing is made below it
  perform _reading(who, for_group);
  select * into parent from groups where id = for_group;
  select * into made from events where key = event_key;
  if made.group_id is not null then
    if made.by_user <> who or made.mac <> card_mac
        or (select g.parent from groups g where id = made.group_id) <> for_group then
      perform _fail('id_conflict');
    end if;
    return row(jsonb_build_object('event', event_key, 'group', made.group_id, 'repeated', true), null)::outcome;
  end if;
  if not _may_make_events(who, parent) then perform _fail('forbidden'); end if;
  perform _check_event(for_group, event_says);
  if (select count(*) from groups g join events e on e.group_id = g.id where g.parent = for_group
      and e.cancelled_at is null and (e.over_at is null or e.over_at >= now())) >= events_max then
    perform _fail('full');
  end if;
  insert into groups(kind, parent, name, members_of, created_by)
    values ('event', for_group, event_says ->> 'name', parent.members_of, who) returning * into room;
  insert into events(group_id, key, by_user, mac, says) values (room.id, event_key, who, card_mac, event_says)
    on conflict (key) do nothing;
  if not found then perform _fail('id_conflict'); end if;  -- another group took this id at the same moment
  perform _set_occurrences(room.id, listed);
  begun := _append_event(room.id, json_build_object('type', 'event_created', 'by', _sub(who), 'event', event_key,
    'says', event_says, 'occurrences', _occurrences_json(room.id)));
  posted := _append(for_group, card, json_build_object('type', 'message_posted', 'id', card, 'author', _sub(who),
    'text', card_text, 'event', room.id), opens => room.id);
  insert into messages(id, group_id, seq, author, sent_at, text, sent_mac, event)
    values (card, for_group, posted.seq, who, posted.at, card_text, card_mac, room.id);
  insert into mentions(group_id, user_id, seq)  -- whoever is asked is called, as far as a message of theirs may call
    select for_group, coalesce(-l.id, 0), posted.seq from (select 1) one
    left join labels l on event_says -> 'asked' ? l.key::text
    where (select manages from readers where user_id = who and group_id = for_group)
      or exists (select 1 from member_labels ml where ml.label_id = l.id and ml.user_id = who);
  perform _audit_event(room.id, who, 'event_created');
  return row(jsonb_build_object('event', event_key, 'group', room.id, 'repeated', false), array[begun, posted])::outcome;
exception when unique_violation then
  perform _fail('id_conflict');  -- the id of the card
end $$;

-- The log in which those who run it hear of answers that not everybody sees. Null in a private room: the admins of its
-- club need not know of it, and whoever runs it looks at the list.
create function _admins_log(g bigint) returns bigint
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select _admins_of(members_of) from groups where id = g $$;

-- Whose logs tell of these events, beside their own: of those whose list only admins see.
create function _told_with(gs bigint[]) returns bigint[]
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select array_remove(array(
    select _admins_log(e.group_id) from events e where e.group_id = any(gs) and not e.listed
    union select _self_group(a.user_id) from events e join answers a on a.group_id = e.group_id
      where e.group_id = any(gs) and not e.listed and a.queued_seq is not null), null) $$;

-- As in 0001, and with an event whose list only admins see all whom it may tell of a place. They are known for sure when
-- it is locked; whoever was not known before has everything let go, and is waited for in order (L3).
create or replace function _lock(gs bigint[]) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare told bigint[] := _told_with(gs);
begin
  if told = '{}' then
    perform 1 from groups where id = any(gs) order by id for no key update;
    return;
  end if;
  loop
    begin
      perform 1 from groups where id = any(gs || told) order by id for no key update;
      if _told_with(gs) <@ told then return; end if;
      raise sqlstate 'CR001';
    exception when sqlstate 'CR001' then
      told := _told_with(gs);
    end;
  end loop;
end $$;

-- The event by its id, locked with these groups, for whoever may read it. `running` = they must run it, too.
create function _event_locked(who bigint, event_key uuid, running boolean, more bigint[] default '{}') returns events
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare found_event events;
begin
  select * into found_event from events where key = event_key;
  if found_event.group_id is null then perform _fail('not_found'); end if;
  perform _lock(found_event.group_id || more);
  perform _reading(who, found_event.group_id);
  select * into found_event from events where key = event_key;
  if running and not (select manages from readers where user_id = who and group_id = found_event.group_id) then
    perform _fail('forbidden');
  end if;
  if exists (select 1 from groups g join groups room on room.id = g.parent where g.id = found_event.group_id
      and (room.archived_at is not null or g.suspended_at is not null)) then
    perform _fail('forbidden');
  end if;
  return found_event;
end $$;

-- What it says and when it takes place from now on. Whoever is going is asked again where time or place changed, or
-- where it takes place after all; what people answered to and is no more is cancelled. `seen` = what the change starts
-- from; where that is not so any more nothing is done, and false is answered. Raises places_taken.
create function change_event(who bigint, event_key uuid, event_says jsonb, listed jsonb, seen jsonb, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare e events := _event_to_change(who, event_key, event_says); g bigint := e.group_id;
  before occurrences[] := array(select o from occurrences o where o.group_id = g order by o.key);
  at_now timestamptz := coalesce(moment, clock_timestamp()); moved text[]; log logged[]; one text;
  shown jsonb := _occurrences_json(g);
begin
  if seen <> _said_of(e) then return row(to_jsonb(false), null)::outcome; end if;
  perform _replace_occurrences(g, listed);
  if e.says = event_says and shown = _occurrences_json(g) then return row(null, null)::outcome; end if;
  update events set says = event_says, changed_at = at_now where group_id = g;
  update groups set name = event_says ->> 'name' where id = g;
  moved := array(select o.key from occurrences o join unnest(before) b on b.key = o.key
    where o.group_id = g and not o.cancelled and coalesce(o.starts_at, at_now) >= at_now
      and (b.cancelled or (o.starts_at, o.ends_at, coalesce(o.place, event_says ->> 'place'))
        is distinct from (b.starts_at, b.ends_at, coalesce(b.place, e.says ->> 'place'))) order by o.key);
  update answers a set again = true where a.group_id = g and a.key = any(moved) and a.answer = 'going';
  log := array[_append_event(g, (jsonb_build_object('type', 'event_changed', 'by', _sub(who), 'says', event_says,
    'occurrences', _occurrences_json(g)) || case when moved <> '{}' then jsonb_build_object('again', moved)
    else '{}' end)::json)]
    || _into_lines(g, at_now);
  perform _check_places(g, at_now);
  perform _audit_event(g, who, 'event_changed');
  perform _tell_changed(g, moved, before, who, at_now);
  for one in select o.key from occurrences o where o.group_id = g and not o.cancelled order by o.key loop
    log := log || _offer_free(g, one, at_now);
  end loop;
  return row(null, log)::outcome;
end $$;

-- By whoever runs it, with all locked whom it may tell, also where only admins are to see the list from now on.
create function _event_to_change(who bigint, event_key uuid, event_says jsonb) returns events
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare e events; told bigint[] := '{}';
begin
  if event_says ->> 'list_shown' = 'admins' then
    told := array(select _self_group(a.user_id) from events x join answers a on a.group_id = x.group_id
        where x.key = event_key and a.standing <> 'out')
      || array(select _admins_log(group_id) from events where key = event_key);
  end if;
  e := _event_locked(who, event_key, true, told);
  if e.cancelled_at is not null then perform _fail('answers_closed'); end if;
  if event_says <> e.says then  -- one day of it can be moved also where its host has left
    perform _check_event((select parent from groups where id = e.group_id), event_says);
  end if;
  if not e.listed and event_says ->> 'list_shown' = 'all' and exists (select 1 from answers where group_id = e.group_id) then
    perform _fail('invalid_field', 'list_shown: answers were given to admins alone');
  end if;
  return e;
end $$;

-- Exactly these take place; what is no more stays cancelled where somebody answered to it.
create function _replace_occurrences(g bigint, listed jsonb) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare keys text[] := array(select l ->> 'key' from jsonb_array_elements(listed) l);
begin
  update occurrences o set cancelled = true, planned = null where o.group_id = g and o.key <> all(keys);
  delete from occurrences o where o.group_id = g and o.key <> all(keys)
    and not exists (select 1 from answers a where a.group_id = g and a.key = o.key);
  perform _set_occurrences(g, listed);
end $$;

-- It does not take place; `at_key` null = all of it.
create function cancel_event(who bigint, event_key uuid, at_key text)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare e events := _event_locked(who, event_key, true); told bigint[];
begin
  if e.cancelled_at is not null then return row(null, null)::outcome; end if;
  told := array_remove(_counting_on(e.group_id, at_key, clock_timestamp()), who);
  if at_key is null then  -- it is over by that, whenever it would have been: it stays in nobody's list for years
    update events set cancelled_at = clock_timestamp(), over_at = least(over_at, clock_timestamp())
      where group_id = e.group_id and cancelled_at is null;
  else
    if not exists (select 1 from occurrences where group_id = e.group_id and key = at_key) then
      perform _fail('not_found');
    end if;
    update occurrences set cancelled = true where group_id = e.group_id and key = at_key and not cancelled;
  end if;
  if not found then return row(null, null)::outcome; end if;
  update events set changed_at = clock_timestamp() where group_id = e.group_id;
  perform _audit_event(e.group_id, who, 'event_cancelled');
  perform _tell_event(e.group_id, at_key, told, 'cancelled', true, clock_timestamp());
  return row(null, array[_append(e.group_id, null, json_strip_nulls(json_build_object(
    'type', 'event_cancelled', 'by', _sub(who), 'key', at_key)))])::outcome;
end $$;

create function _said_of(e events) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object('group', e.group_id, 'says', e.says, 'occurrences', (
    select coalesce(jsonb_agg(_occurrence_json(o) || jsonb_build_object('planned', o.planned) order by o.key), '[]')
    from occurrences o where o.group_id = e.group_id)) $$;

-- {group, says, occurrences}: what a change starts from. For whoever runs it.
create function event_said(who bigint, event_key uuid) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare e events;
begin
  select * into e from events where key = event_key;
  if e.group_id is null then perform _fail('not_found'); end if;
  perform _reading(who, e.group_id);
  if not (select manages from readers where user_id = who and group_id = e.group_id) then perform _fail('forbidden'); end if;
  return _said_of(e);
end $$;
