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
  says jsonb not null check (octet_length(says::text) <= 20000),
  places int generated always as ((says ->> 'places')::int) stored,
  guests_max int not null generated always as ((says ->> 'guests')::int) stored,
  closes_min int not null generated always as ((says ->> 'closes_min')::int) stored,
  by_label boolean not null generated always as (says -> 'label_places' <> '[]') stored,
  listed boolean not null generated always as (says ->> 'list_shown' = 'all') stored,  -- everybody sees who comes
  cancelled_at timestamptz);

create table occurrences(
  group_id bigint not null references events,
  key text not null check (length(key) between 1 and 16),
  starts_at timestamptz,                     -- null = no date yet
  ends_at timestamptz check (ends_at > starts_at),
  place text,                                -- where it differs from the event's
  cancelled boolean not null default false,
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
  foreign key (group_id, key) references occurrences,
  check ((standing in ('offered', 'waiting')) = (queued_seq is not null)),
  check ((standing = 'offered') = (until is not null)));
create index answers_waiting on answers(group_id, key, queued_seq) where queued_seq is not null;
create index answers_lapsing on answers(until) where until is not null;
create index answers_of on answers(user_id);

-- --- what is told of an event ---------------------------------------------------------------------------------

create function _event_counts(g bigint, at_key text) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object(
    'going', count(*) filter (where standing = 'in'), 'maybe', count(*) filter (where answer = 'maybe'),
    'no', count(*) filter (where answer = 'no'), 'waiting', count(*) filter (where queued_seq is not null),
    'taken', coalesce(sum(1 + guests) filter (where standing in ('in', 'offered')), 0),
    'labels', (select coalesce(jsonb_object_agg(t.label, t.n), '{}') from (
        select label, sum(1 + guests) as n from answers
        where group_id = g and key = at_key and standing in ('in', 'offered') and label is not null group by label) t))
  from answers where group_id = g and key = at_key $$;

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
    'occurrences', (select coalesce(jsonb_agg(_occurrence_json(o) || jsonb_build_object('counts', _event_counts(g, o.key))
      order by o.key), '[]') from occurrences o where o.group_id = g))
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

-- As in 0032, and the event where it is one.
alter function my_groups(bigint, int) rename to _groups_with_levels;
create function my_groups(who bigint, most int default 100) returns setof jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select entry || jsonb_build_object('event', case when entry ->> 'kind' = 'event'
    then _event_json((entry ->> 'group')::bigint)
      || jsonb_build_object('mine', _own_answers(who, (entry ->> 'group')::bigint)) end)
  from _groups_with_levels(who, most) with ordinality as mine(entry, place) order by place $$;

alter function snapshot(bigint, bigint, bigint, int) rename to _snapshot;
create function snapshot(who bigint, g bigint, since bigint, n int) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select _snapshot(who, g, since, n) || jsonb_build_object('event', _event_json(g)) $$;

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
  insert into occurrences(group_id, key, starts_at, ends_at, place, cancelled)
  select g, o ->> 'key', (o ->> 'start')::timestamptz, (o ->> 'end')::timestamptz, o ->> 'place',
    coalesce((o ->> 'cancelled')::boolean, false)
  from jsonb_array_elements(listed) o order by o ->> 'key'
  on conflict (group_id, key) do update set starts_at = excluded.starts_at, ends_at = excluded.ends_at,
    place = excluded.place, cancelled = excluded.cancelled $$;

-- An event with its card in the room that it is for; the same key again gives the same event. `card_text` is what the
-- card says to clients that know no events, to search, and on a lock screen.
create function create_event(
  who bigint, for_group bigint, event_key uuid, event_says jsonb, listed jsonb, card uuid, card_text text, card_mac bytea,
  events_max int)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare parent groups; made events; room groups; begun logged; posted logged;
begin
  perform _lock(array[for_group]);
  perform _reading(who, for_group);
  select * into parent from groups where id = for_group;
  select * into made from events where key = event_key;
  if made.group_id is not null then
    if made.by_user <> who or made.says <> event_says
        or (select g.parent from groups g where id = made.group_id) <> for_group then
      perform _fail('id_conflict');
    end if;
    return row(jsonb_build_object('event', event_key, 'group', made.group_id, 'repeated', true), null)::outcome;
  end if;
  if not _may_make_events(who, parent) then perform _fail('forbidden'); end if;
  perform _check_event(for_group, event_says);
  if (select count(*) from groups g where g.parent = for_group and g.kind = 'event' and g.archived_at is null) >= events_max then
    perform _fail('full');
  end if;
  insert into groups(kind, parent, name, members_of, created_by)
    values ('event', for_group, event_says ->> 'name', parent.members_of, who) returning * into room;
  insert into events(group_id, key, by_user, says) values (room.id, event_key, who, event_says) on conflict (key) do nothing;
  if not found then perform _fail('id_conflict'); end if;  -- another group took this id at the same moment
  perform _set_occurrences(room.id, listed);
  begun := _append(room.id, null, json_build_object('type', 'event_created', 'by', _sub(who), 'event', event_key,
    'says', event_says, 'occurrences', _occurrences_json(room.id)));
  posted := _append(for_group, card, json_build_object('type', 'message_posted', 'id', card, 'author', _sub(who),
    'text', card_text, 'event', room.id), opens => room.id);
  insert into messages(id, group_id, seq, author, sent_at, text, sent_mac, event)
    values (card, for_group, posted.seq, who, posted.at, card_text, card_mac, room.id);
  insert into mentions(group_id, user_id, seq)  -- whoever is asked is called
    select for_group, coalesce(-l.id, 0), posted.seq from (select 1) one
    left join labels l on event_says -> 'asked' ? l.key::text;
  perform _audit(_club_of(for_group), who, 'event_created', about_group => room.id);
  return row(jsonb_build_object('event', event_key, 'group', room.id, 'repeated', false), array[begun, posted])::outcome;
exception when unique_violation then
  perform _fail('id_conflict');  -- the id of the card
end $$;

-- Whose logs tell of answers that not everybody sees: those who run the club, and whoever waits for a place.
create function _who_is_told(g bigint) returns bigint[]
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select _admins_of(_club_of(g)) || array(
    select _self_group(user_id) from answers where group_id = g and queued_seq is not null) $$;

-- The event by its id, locked with these groups, for whoever may read it. `running` = they must run it, too.
create function _event_locked(who bigint, event_key uuid, running boolean, more bigint[] default '{}') returns events
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare found_event events;
begin
  select * into found_event from events where key = event_key;
  if found_event.group_id is null then perform _fail('not_found'); end if;
  perform _lock(found_event.group_id || more || case when not found_event.listed then _who_is_told(found_event.group_id) end);
  perform _reading(who, found_event.group_id);
  select * into found_event from events where key = event_key;
  if running and not (select manages from readers where user_id = who and group_id = found_event.group_id) then
    perform _fail('forbidden');
  end if;
  if exists (select 1 from groups where id = found_event.group_id and (archived_at is not null or suspended_at is not null)) then
    perform _fail('forbidden');
  end if;
  return found_event;
end $$;

-- What it says and when it takes place from now on. Whoever is going is asked again where time or place changed; what
-- people answered to and is no more is cancelled. Raises places_taken.
create function change_event(who bigint, event_key uuid, event_says jsonb, listed jsonb, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare e events := _event_locked(who, event_key, true); before occurrences[]; g bigint := e.group_id; moved text[];
  at_now timestamptz := coalesce(moment, clock_timestamp()); log logged[]; one text;
begin
  if e.cancelled_at is not null then perform _fail('answers_closed'); end if;
  perform _check_event((select parent from groups where id = g), event_says);
  before := array(select o from occurrences o where o.group_id = g order by o.key);
  if e.says = event_says and listed = _occurrences_json(g) then return row(null, null)::outcome; end if;
  update occurrences o set cancelled = true where o.group_id = g
    and not exists (select 1 from jsonb_array_elements(listed) l where l ->> 'key' = o.key);
  delete from occurrences o where o.group_id = g and o.cancelled
    and not exists (select 1 from jsonb_array_elements(listed) l where l ->> 'key' = o.key)
    and not exists (select 1 from answers a where a.group_id = g and a.key = o.key);
  perform _set_occurrences(g, listed);
  update events set says = event_says where group_id = g;
  update groups set name = event_says ->> 'name' where id = g;
  moved := array(select o.key from occurrences o join unnest(before) b on b.key = o.key
    where o.group_id = g and not o.cancelled and coalesce(o.starts_at, at_now) >= at_now
      and (o.starts_at, o.ends_at, coalesce(o.place, event_says ->> 'place'))
        is distinct from (b.starts_at, b.ends_at, coalesce(b.place, e.says ->> 'place')) order by o.key);
  update answers a set again = true where a.group_id = g and a.key = any(moved) and a.answer = 'going';
  perform _check_places(g, at_now);
  log := array[_append(g, null, json_strip_nulls(json_build_object('type', 'event_changed', 'by', _sub(who),
    'says', event_says, 'occurrences', _occurrences_json(g), 'again', nullif(to_jsonb(moved), '[]'))))];
  perform _audit(_club_of(g), who, 'event_changed', about_group => g);
  perform _tell_changed(g, moved, who, at_now);
  for one in select o.key from occurrences o where o.group_id = g and not o.cancelled order by o.key loop
    log := log || _offer_free(g, one, at_now);
  end loop;
  return row(null, log)::outcome;
end $$;

-- It does not take place; `at_key` null = all of it.
create function cancel_event(who bigint, event_key uuid, at_key text)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare e events := _event_locked(who, event_key, true); told bigint[];
begin
  told := array_remove(_counting_on(e.group_id, at_key, clock_timestamp()), who);
  if at_key is null then
    update events set cancelled_at = clock_timestamp() where group_id = e.group_id and cancelled_at is null;
  else
    if not exists (select 1 from occurrences where group_id = e.group_id and key = at_key) then
      perform _fail('not_found');
    end if;
    update occurrences set cancelled = true where group_id = e.group_id and key = at_key and not cancelled;
  end if;
  if not found then return row(null, null)::outcome; end if;
  perform _tell_event(e.group_id, at_key, told, 'cancelled', true, clock_timestamp());
  perform _audit(_club_of(e.group_id), who, 'event_cancelled', about_group => e.group_id);
  return row(null, array[_append(e.group_id, null, json_strip_nulls(json_build_object(
    'type', 'event_cancelled', 'by', _sub(who), 'key', at_key)))])::outcome;
end $$;

-- {says, occurrences, group}: what a change starts from. For whoever runs it.
create function event_said(who bigint, event_key uuid) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare e events;
begin
  select * into e from events where key = event_key;
  if e.group_id is null then perform _fail('not_found'); end if;
  perform _reading(who, e.group_id);
  if not (select manages from readers where user_id = who and group_id = e.group_id) then perform _fail('forbidden'); end if;
  return jsonb_build_object('group', e.group_id, 'says', e.says, 'occurrences', _occurrences_json(e.group_id));
end $$;
