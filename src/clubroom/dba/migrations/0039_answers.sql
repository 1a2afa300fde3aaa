-- Who comes to an event. Places go to whoever says so first; when they are taken the others wait, in the order in which
-- they came, and a place that comes free is offered to the next for a while. All of it happens with the group of the
-- event locked, so that its log alone says who has a place.

-- --- places ---------------------------------------------------------------------------------------------------

-- How many places are neither taken nor held, of this label where there are places by label; null = there is no limit.
create function _free_places(g bigint, at_key text, of_label uuid) returns bigint
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select case when e.by_label then coalesce((select (p ->> 'places')::int from jsonb_array_elements(e.says -> 'label_places') p
        where p ->> 'label' = of_label::text), 0) else e.places end
    - coalesce((select sum(1 + a.guests) from answers a where a.group_id = g and a.key = at_key
        and a.standing in ('in', 'offered') and (not e.by_label or a.label = of_label)), 0)
  from events e where e.group_id = g $$;

-- Where fewer places are left than are taken it is refused.
create function _check_places(g bigint, moment timestamptz) returns void
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  if exists (select 1 from occurrences o
      join (select distinct key, label from answers where group_id = g and standing in ('in', 'offered')) t on t.key = o.key
      where o.group_id = g and not o.cancelled and coalesce(o.starts_at, moment) >= moment
        and _free_places(g, o.key, t.label) < 0) then
    perform _fail('places_taken');
  end if;
end $$;

-- Who waits for places of this label (null where places are not by label), the first first: also whoever came to the
-- line of another label that they carry, for theirs is the place that comes free first.
create function _line(g bigint, at_key text, of_label uuid) returns setof answers
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select a.* from answers a where a.group_id = g and a.key = at_key and a.standing = 'waiting'
    and (a.label is not distinct from of_label or exists (select 1 from member_labels ml join labels l on l.id = ml.label_id
      where ml.user_id = a.user_id and l.key = of_label))
  order by a.queued_seq $$;

-- Which of the labels that have places somebody counts for: one with enough free places that nobody waits for, else the
-- first that they carry.
create function _label_for(g bigint, at_key text, who bigint, needed int) returns uuid
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select l.key from events e cross join jsonb_array_elements(e.says -> 'label_places') with ordinality as p(said, place)
  join labels l on l.key::text = p.said ->> 'label' join member_labels ml on ml.label_id = l.id and ml.user_id = who
  where e.group_id = g order by _free_places(g, at_key, l.key) >= needed
    and not exists (select 1 from _line(g, at_key, l.key) w where w.user_id <> who) desc, p.place limit 1 $$;

create function _is_asked(g bigint, who bigint) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select e.says -> 'asked' = '[]' or exists (select 1 from member_labels ml join labels l on l.id = ml.label_id
    where ml.user_id = who and e.says -> 'asked' ? l.key::text) from events e where e.group_id = g $$;

-- The last moment at which one answers; null = there is no date yet.
create function _closes_at(g bigint, at_key text) returns timestamptz
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select o.starts_at - make_interval(mins => e.closes_min) from events e join occurrences o on o.group_id = e.group_id
  where e.group_id = g and o.key = at_key $$;

-- --- the waiting list -----------------------------------------------------------------------------------------

-- How long a place is held for somebody: a day, the shorter the nearer the end, and never less than a quarter of an
-- hour; where that would end in their quiet hours, half an hour beyond these.
create function _held_until(who bigint, closes_at timestamptz, moment timestamptz) returns timestamptz
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare until_at timestamptz := moment + least(interval '1 day',
    greatest(interval '15 minutes', coalesce((closes_at - moment) / 4, interval '1 day')));
  last_at timestamptz := coalesce(closes_at, moment + interval '2 days');
begin
  if _is_quiet(who, until_at) then
    for step in 1..96 loop
      exit when not _is_quiet(who, until_at) or until_at >= last_at;
      until_at := until_at + interval '15 minutes';
    end loop;
    until_at := until_at + interval '30 minutes';
  end if;
  return least(until_at, last_at);
end $$;

-- Under which what the log says of somebody's answers is found again, when their words go.
create function _answer_target(who bigint) returns uuid
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select md5('answer ' || _sub(who))::uuid $$;

-- Says how somebody stands now: to everybody, or to those who run the club and themselves.
create function _say_standing(a answers, by bigint) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare counts jsonb := _event_counts(a.group_id, a.key); said jsonb; admins bigint := _admins_log(a.group_id); log logged[];
begin
  said := jsonb_strip_nulls(jsonb_build_object('type', 'event_answered', 'key', a.key, 'user', _sub(a.user_id),
    'answer', a.answer, 'guests', nullif(a.guests, 0), 'note', nullif(a.note, ''), 'standing', a.standing, 'by', _sub(by),
    'until', _rfc3339(a.until), 'label', a.label));
  if (select listed from events where group_id = a.group_id) then
    return array[_append(a.group_id, _answer_target(a.user_id), (said || jsonb_build_object('counts', counts))::json)];
  end if;
  said := said || jsonb_build_object('group', a.group_id);
  log := array[_append(a.group_id, null, json_build_object('type', 'event_counted', 'key', a.key, 'counts', counts))];
  if admins is not null then log := log || _append(admins, _answer_target(a.user_id), said::json); end if;
  return log || _append(_self_group(a.user_id), null, said::json);
end $$;

-- What an event has places of: each label, or null for all.
create function _lanes(e events) returns setof uuid
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select (p.said ->> 'label')::uuid from jsonb_array_elements(e.says -> 'label_places') with ordinality as p(said, place)
  union all select null where not e.by_label $$;

-- Offers what is free to whoever has waited longest, of each label apart. Where the next one wants more places than are
-- free, these are kept for them.
create function _offer_free(g bigint, at_key text, moment timestamptz) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare closes_at timestamptz := _closes_at(g, at_key); e events; next answers; log logged[] := '{}'; lane uuid;
begin
  select * into e from events where group_id = g;
  if closes_at <= moment or e.cancelled_at is not null
      or (select cancelled from occurrences where group_id = g and key = at_key) then
    return log;
  end if;
  for lane in select * from _lanes(e) loop
    loop
      select * into next from _line(g, at_key, lane) limit 1;
      exit when next.user_id is null or 1 + next.guests > _free_places(g, at_key, lane);
      update answers set standing = 'offered', label = lane, until = _held_until(user_id, closes_at, moment)
        where group_id = g and key = at_key and user_id = next.user_id returning * into next;
      log := log || _say_standing(next, null);
      perform _tell_event(g, at_key, array[next.user_id], 'offer', true, moment);
    end loop;
  end loop;
  return log;
end $$;

-- Where places are by label from now on, or by other labels, or in total: everybody into the line that is theirs now.
-- Who has a place and carries none of the labels stands in the way; who waits and carries none waits no more.
create function _into_lines(g bigint, moment timestamptz) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare e events; one answers; lane uuid; log logged[] := '{}';
begin
  select * into e from events where group_id = g;
  for one in select a.* from answers a join occurrences o on o.group_id = a.group_id and o.key = a.key
      where a.group_id = g and a.standing <> 'out' and not o.cancelled and coalesce(o.starts_at, moment) >= moment
        and not exists (select 1 from _lanes(e) l where l is not distinct from a.label)
      order by a.key, a.queued_seq nulls first, a.at, a.user_id loop
    lane := case when e.by_label then _label_for(g, one.key, one.user_id, 1 + one.guests) end;
    if lane is null and e.by_label and one.standing <> 'waiting' then
      perform _fail('places_taken', 'Somebody who has a place carries none of these labels.');
    end if;
    update answers set label = lane,
        standing = case when lane is null and e.by_label then 'out' else standing end,
        queued_seq = case when lane is null and e.by_label then null else queued_seq end
      where group_id = g and key = one.key and user_id = one.user_id returning * into one;
    log := log || _say_standing(one, null);
  end loop;
  return log;
end $$;

-- Offers that nobody took, where somebody still may: not in what is cancelled or suspended, or is no more.
create function _lapsed(moment timestamptz) returns setof answers
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select a.* from answers a join groups g on g.id = a.group_id join events e on e.group_id = a.group_id
  join occurrences o on o.group_id = a.group_id and o.key = a.key
  where a.until <= moment and e.cancelled_at is null and not o.cancelled
    and g.deleted_at is null and g.suspended_at is null and g.archived_at is null
  order by a.until, a.queued_seq $$;

-- They are over, and go to the next: those of one event, true = there may be more.
create function lapse_offers(moment timestamptz) returns outcome
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); g bigint; one answers; log logged[] := '{}';
begin
  select l.group_id into g from _lapsed(at_now) l limit 1;
  if g is null then return row(to_jsonb(false), null)::outcome; end if;
  perform _lock(array[g]);
  for one in select * from _lapsed(at_now) l where l.group_id = g loop
    update answers set standing = 'out', queued_seq = null, until = null
      where group_id = g and key = one.key and user_id = one.user_id returning * into one;
    log := log || _say_standing(one, null);
    log := log || _offer_free(g, one.key, at_now);
  end loop;
  return row(to_jsonb(true), log)::outcome;
end $$;

-- --- answers --------------------------------------------------------------------------------------------------

-- What comes of "going": a place, or the waiting list. Whoever has a place keeps it; more than they have they get where
-- nobody waits. `past_line` = by who runs it, and never beyond the places.
create function _standing_of(e events, was answers, at_key text, of_label uuid, needed int, past_line boolean)
returns text language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare free bigint := _free_places(e.group_id, at_key, of_label);
begin
  if free is null then return 'in'; end if;
  if was.standing in ('in', 'offered') then
    if free + 1 + was.guests < needed or needed > 1 + was.guests and not past_line
        and exists (select 1 from _line(e.group_id, at_key, of_label)) then
      perform _fail('full');
    end if;
    return 'in';
  end if;
  if free >= needed and (past_line or not exists (select 1 from _line(e.group_id, at_key, of_label) l
      where l.user_id is distinct from was.user_id and (was.queued_seq is null or l.queued_seq < was.queued_seq))) then
    return 'in';
  end if;
  if past_line then perform _fail('full'); end if;
  return 'waiting';
end $$;

-- The event that somebody answers to, locked, where they may. Raises not_found, forbidden, answers_closed.
create function _event_to_answer(who bigint, event_key uuid, at_key text, target bigint, past_all boolean, moment timestamptz)
returns events language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare e events := _event_locked(who, event_key, target <> who or past_all, array[_self_group(target)]);
begin
  perform _reading(target, e.group_id);
  if not exists (select 1 from occurrences where group_id = e.group_id and key = at_key) then perform _fail('not_found'); end if;
  if e.cancelled_at is not null or exists (select 1 from occurrences where group_id = e.group_id and key = at_key and cancelled)
      or _closes_at(e.group_id, at_key) <= moment and not past_all then
    perform _fail('answers_closed');
  end if;
  return e;
end $$;

-- What somebody says, or who runs it says for them (`target_sub`). `past_all` = also past the deadline and the waiting
-- list, by who runs it. Raises not_found, forbidden, not_asked, answers_closed, full, invalid_field.
create function answer_event(
  who bigint, event_key uuid, at_key text, as_answer text, with_guests int, with_note text, target_sub text,
  past_all boolean, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare e events; target bigint := who; was answers; now_is answers; of_label uuid; as_standing text := 'out';
  at_now timestamptz := coalesce(moment, clock_timestamp()); log logged[]; needed int := 1 + with_guests;
begin
  if target_sub is not null then
    select id into target from users where sub = target_sub;
    if target is null then perform _fail('not_found'); end if;
  end if;
  e := _event_to_answer(who, event_key, at_key, target, past_all, at_now);
  if not _is_asked(e.group_id, target)
      and not (select manages from readers where user_id = who and group_id = e.group_id) then
    perform _fail('not_asked');
  end if;
  select * into was from answers where group_id = e.group_id and key = at_key and user_id = target;
  if with_guests > greatest(e.guests_max, was.guests) then  -- those who were promised stay, where fewer may be brought now
    perform _fail('invalid_field', 'guests: at most ' || e.guests_max);
  end if;
  if as_answer = 'going' then
    if e.by_label then  -- whoever waits does so in the line in which they are, and takes what is free in another
      of_label := case when was.standing in ('in', 'offered') then was.label
        else coalesce(_label_for(e.group_id, at_key, target, needed), case when was.standing = 'waiting' then was.label end) end;
      if of_label is null then perform _fail('not_asked'); end if;
    end if;
    as_standing := _standing_of(e, was, at_key, of_label, needed, past_all);
    if as_standing = 'waiting' and was.standing = 'waiting' then of_label := was.label; end if;
  end if;
  if (was.answer, was.standing, was.guests, was.note, was.again)
      is not distinct from (as_answer, as_standing, with_guests, with_note, false) then
    return row(jsonb_build_object('standing', as_standing), null)::outcome;
  end if;
  insert into answers as a (group_id, key, user_id, answer, guests, note, standing, label, at, by_user, queued_seq)
    values (e.group_id, at_key, target, as_answer, with_guests, with_note, as_standing, of_label, at_now,
      nullif(who, target), case when as_standing = 'waiting' then (select head + 1 from groups where id = e.group_id) end)
    on conflict (group_id, key, user_id) do update set answer = excluded.answer, guests = excluded.guests,
      note = excluded.note, standing = excluded.standing, label = excluded.label, at = excluded.at,
      by_user = excluded.by_user, again = false, until = null,
      queued_seq = case when excluded.standing = 'waiting' then coalesce(a.queued_seq, excluded.queued_seq) end
    returning * into now_is;
  log := _say_standing(now_is, who);
  if past_all then
    perform _audit_event(e.group_id, who, 'event_overridden', target, jsonb_build_object('answer', as_answer));
  end if;
  if as_answer <> 'no' and not exists (select 1 from follows where user_id = target and group_id = e.group_id) then
    log := log || _follow(target, e.group_id, true);
  end if;
  log := log || _offer_free(e.group_id, at_key, at_now);
  select standing into as_standing from answers where group_id = e.group_id and key = at_key and user_id = target;
  return row(jsonb_build_object('standing', as_standing), log)::outcome;
end $$;

-- Whoever goes leaves their places to others: in these events, which are locked, before they are closed to them.
create function _give_up_places(who bigint, gs bigint[], moment timestamptz) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare one answers; log logged[] := '{}';
begin
  for one in select a.* from answers a join occurrences o on o.group_id = a.group_id and o.key = a.key
      where a.user_id = who and a.group_id = any(gs) and a.answer <> 'no'
        and coalesce(o.starts_at, moment) >= moment order by a.group_id, a.key loop
    update answers set answer = 'no', standing = 'out', queued_seq = null, until = null, again = false
      where group_id = one.group_id and key = one.key and user_id = who returning * into one;
    log := log || _say_standing(one, null);
    log := log || _offer_free(one.group_id, one.key, moment);
  end loop;
  return log;
end $$;

-- As in 0014, and their places go to others.
create or replace function _out_of_club(club bigint, target bigint, by bigint, below bigint[]) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare g bigint; log logged[] := _give_up_places(target, below, clock_timestamp());
begin
  foreach g in array array(
      select group_id from readers where user_id = target and group_id = any(below || club) order by group_id) loop
    log := log || _close(g, target, by);
  end loop;
  delete from follows where user_id = target and group_id = any(below);
  delete from member_labels ml using labels l where l.id = ml.label_id and l.group_id = club and ml.user_id = target;
  perform _audit(club, by, case when by = target then 'member_left' else 'member_removed' end, target);
  return log;
end $$;

-- As in 0008, and the events of the room are closed to them, too; all are locked.
create or replace function _remove_from_room(who bigint, g bigint, target bigint) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare room groups; asker_role text := _role(who, g); target_role text := _role(target, g); log logged[]; below bigint;
begin
  select * into room from groups where id = g;
  if asker_role is null then perform _reading(who, g); perform _fail('forbidden'); end if;
  if target_role is null then perform _fail('not_found'); end if;
  if who <> target and (room.kind = 'dm' or asker_role <> 'owner' and coalesce(_role(who, room.parent), 'member') = 'member') then
    perform _fail('forbidden');
  end if;
  if room.kind = 'dm' and (select count(*) from memberships where group_id = g) <= 2 then perform _fail('forbidden'); end if;
  log := _give_up_places(target, _groups_below(g), clock_timestamp());
  foreach below in array _groups_below(g) loop
    log := log || _close(below, target, who);
  end loop;
  return log || _close(g, target, who);
end $$;

-- As in 0018, and a room is locked with its events.
create or replace function remove_member(who bigint, club bigint, target_sub text, erase_s bigint)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare target bigint; self bigint; below bigint[]; log logged[];
begin
  select id into target from users where sub = target_sub;
  self := _self_group(target);
  perform _lock(array[self, club] || _groups_below(club));
  below := _groups_below(club);  -- with the club locked no more are made; one made meanwhile has the highest id
  perform _lock(below);
  if (select kind from groups where id = club) in ('channel', 'dm') then
    log := _remove_from_room(who, club, target);
    if erase_s is not null then perform _fail('forbidden'); end if;
    return row(null, log)::outcome;
  end if;
  log := _remove_from_club(who, club, target, below);
  perform _erase(who, club, target, erase_s);
  return row(null, log)::outcome;
end $$;

-- --- what goes with rooms, people and time --------------------------------------------------------------------

-- As in 0014; into a room of its own members without its past, also without that of its events.
create or replace function _enter(
  g bigint, who bigint, as_role text, by bigint default null, opened_from bigint default 1,
  below_from jsonb default null, code bigint default null)
returns logged[] language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare gr groups; person users; joined logged; told logged;
begin
  select * into gr from groups where id = g;
  select * into person from users where id = who;
  joined := _append(g, null, json_strip_nulls(json_build_object('type', 'member_joined', 'user', person.sub,
    'name', person.name, 'role', as_role, 'by', _sub(by),
    'managed', case when person.managed then true end)), joined => who);
  insert into memberships(group_id, user_id, role, since_seq, from_seq, opened_at, below_from, came_by)
    values (g, who, as_role, joined.seq, coalesce(opened_from, joined.seq), joined.at,
      coalesce(_enter.below_from, case when opened_from is distinct from 1 then (
        select jsonb_object_agg(b.id, b.head + 1) from groups b where b.members_of = g and b.id <> g) end), code);
  told := _append(_self_group(who), null, json_strip_nulls(json_build_object(
    'type', 'added_to_group', 'group', g, 'kind', gr.kind, 'name', gr.name, 'parent', gr.parent)));
  return array[joined, told];
end $$;

-- As in 0018, also in the events of rooms.
create or replace function erase_some(looked int) returns outcome
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare e erasures; m record; log logged[] := '{}'; lowest bigint; over boolean;
begin
  select * into e from erasures order by id limit 1 for update skip locked;
  if e.id is null then return row('false'::jsonb, null)::outcome; end if;
  if e.before is null then
    select r.group_id, g.head + 1 into e.in_group, e.before from readers r join groups g on g.id = r.group_id
      where r.user_id = e.by_user and r.manages and g.id > e.in_group and g.id = any(e.group_id || _groups_below(e.group_id))
      order by g.id limit 1;
    if e.before is null then
      delete from erasures where id = e.id;
      return row('true'::jsonb, null)::outcome;
    end if;
  end if;
  perform _lock(array[e.in_group]);
  for m in select * from messages where group_id = e.in_group and seq < e.before order by seq desc limit looked loop
    over := m.sent_at < e.since;
    exit when over;
    lowest := m.seq;
    continue when m.author <> e.target or m.deleted_at is not null;
    -- whoever removed them may have gone since, or may run this room no more: then the rest of it stays
    over := not exists (select 1 from readers where user_id = e.by_user and group_id = e.in_group and manages
      and first_seq <= m.seq);
    exit when over;
    log := log || (delete_message(e.by_user, m.id)).log;
  end loop;
  update erasures set in_group = e.in_group, before = case when not coalesce(over, false) then lowest end where id = e.id;
  return row('true'::jsonb, log)::outcome;
end $$;

-- As in 0032, also of the events in a room of what is left.
create or replace function _mutes_go() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  delete from mutes m using groups g
    where m.user_id = new.user_id and g.id = m.group_id and new.group_id in (g.id, g.parent, g.members_of);
  delete from levels l using groups g
    where l.user_id = new.user_id and g.id = l.group_id and new.group_id in (g.id, g.parent, g.members_of);
  return null;
end $$;

-- As in 0032; of an event what holds for its room, and then for its club.
create or replace function _notification_wishes(g bigint, people bigint[], moment timestamptz)
returns table(user_id bigint, level text, muted boolean, quiet boolean)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select asked.id, coalesce(own.level, of_room.level, of_club.level, club.default_level, 'all'),
    coalesce(m.until > moment, false), q.id is not null
  from unnest(people) as asked(id)
  join groups gr on gr.id = g
  join groups club on club.id = case when gr.kind = 'event' then _club_of(g) else coalesce(gr.parent, gr.id) end
  left join levels own on own.group_id = g and own.user_id = asked.id
  left join levels of_room on of_room.group_id = gr.parent and of_room.user_id = asked.id
  left join levels of_club on of_club.group_id = club.id and of_club.user_id = asked.id
  left join mutes m on m.group_id = g and m.user_id = asked.id
  left join _quiet_people(people, moment) as q(id) on q.id = asked.id $$;

-- Whoever leaves for good and takes their words along (delete_account in 0023): what they noted, too.
create function _notes_go() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  update answers set note = '' where user_id = new.user_id and group_id = new.group_id and note <> '';
  update actions set body = convert_to((convert_from(body, 'UTF8')::jsonb - 'note')::text, 'UTF8')
    where group_id = new.group_id and target = _answer_target(new.user_id);
  return null;
end $$;
create trigger notes_go after insert on leavings for each row execute function _notes_go();

-- As in 0016, and what was noted as long ago.
create or replace function _forget_until(g bigint, upto bigint, spare_pins boolean) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare ids uuid[];
begin
  ids := array(select m.id from messages m where m.group_id = g and m.seq <= upto
    and not (spare_pins and exists (select 1 from pins p where p.group_id = g and p.message_id = m.id)));
  delete from mentions n using messages m where m.id = any(ids) and n.group_id = g and n.seq = m.seq;
  delete from message_versions where message_id = any(ids);
  delete from emotes where message_id = any(ids);
  delete from pins where group_id = g and message_id = any(ids);
  delete from messages where id = any(ids);
  update answers set note = '' where group_id = g and note <> ''
    and at <= (select max(a.at) from actions a where a.group_id = g and a.seq <= upto);
  delete from actions where group_id = g and seq <= upto;
  update groups set floor = greatest(floor, upto) where id = g;
end $$;

-- As in 0028, and the event with all that hangs on it.
alter function _forget_group(groups) rename to _forget_room;
create function _forget_group(gr groups) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  delete from events where group_id = gr.id;
  perform _forget_room(gr);
end $$;

-- As in 0023, and what somebody brought up and answered.
alter function my_data(bigint) rename to _my_data;
create function my_data(who bigint) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select _my_data(who) || jsonb_build_object(
    'events', (select coalesce(jsonb_agg(jsonb_build_object('event', e.key, 'group', e.group_id) || e.says - 'host'
      order by e.group_id), '[]') from events e where e.by_user = who),
    'answers', (select coalesce(jsonb_agg(jsonb_build_object('event', e.key, 'group', a.group_id, 'key', a.key,
        'answer', a.answer, 'standing', a.standing, 'guests', a.guests, 'note', a.note, 'at', _rfc3339(a.at))
      order by a.group_id, a.key), '[]') from answers a join events e on e.group_id = a.group_id where a.user_id = who)) $$;

-- Who said what to one occurrence, as wire.Answers. Where only admins see the list, the others see themselves in it.
create function answers_of(who bigint, event_key uuid, at_key text) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare e events; runs boolean;
begin
  select * into e from events where key = event_key;
  if e.group_id is null then perform _fail('not_found'); end if;
  perform _reading(who, e.group_id);
  if not exists (select 1 from occurrences where group_id = e.group_id and key = at_key) then perform _fail('not_found'); end if;
  select manages into runs from readers where user_id = who and group_id = e.group_id;
  return jsonb_build_object('key', at_key, 'counts', _event_counts(e.group_id, at_key),
    'answers', (select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('user', u.sub, 'name', u.name,
        'answer', a.answer, 'standing', a.standing, 'at', _rfc3339(a.at), 'guests', nullif(a.guests, 0),
        'note', nullif(a.note, ''), 'until', _rfc3339(a.until), 'label', a.label, 'again', case when a.again then true end,
        'by', _sub(a.by_user))) order by a.queued_seq nulls first, a.at, u.sub), '[]')
      from answers a join users u on u.id = a.user_id
      where a.group_id = e.group_id and a.key = at_key and (e.listed or runs or a.user_id = who)),
    'silent', case when runs then (select coalesce(jsonb_agg(jsonb_build_object('user', u.sub, 'name', u.name,
        'labels', (select coalesce(jsonb_agg(l.key order by l.key), '[]') from member_labels ml
          join labels l on l.id = ml.label_id where ml.user_id = u.id and l.group_id = _club_of(e.group_id)))
        order by u.name, u.sub), '[]')
      from readers r join users u on u.id = r.user_id
      where r.group_id = e.group_id and _is_asked(e.group_id, u.id)
        and not exists (select 1 from answers a where a.group_id = e.group_id and a.key = at_key and a.user_id = u.id))
      else '[]' end);
end $$;
