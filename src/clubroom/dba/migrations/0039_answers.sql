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

-- Which of the labels that have places somebody counts for: one with enough free places, else the first they carry.
create function _label_for(g bigint, at_key text, who bigint, needed int) returns uuid
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select l.key from events e cross join jsonb_array_elements(e.says -> 'label_places') with ordinality as p(said, place)
  join labels l on l.key::text = p.said ->> 'label' join member_labels ml on ml.label_id = l.id and ml.user_id = who
  where e.group_id = g order by _free_places(g, at_key, l.key) >= needed desc, p.place limit 1 $$;

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
declare until_at timestamptz := moment + least(interval '1 day', greatest(interval '15 minutes', (closes_at - moment) / 4));
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

-- Says how somebody stands now: to everybody, or to who runs the club and themselves.
create function _say_standing(a answers, by bigint) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare counts jsonb := _event_counts(a.group_id, a.key); said jsonb;
begin
  said := jsonb_strip_nulls(jsonb_build_object('type', 'event_answered', 'key', a.key, 'user', _sub(a.user_id),
    'answer', a.answer, 'guests', nullif(a.guests, 0), 'note', nullif(a.note, ''), 'standing', a.standing, 'by', _sub(by),
    'until', _rfc3339(a.until), 'label', a.label));
  if (select listed from events where group_id = a.group_id) then
    return array[_append(a.group_id, null, (said || jsonb_build_object('counts', counts))::json)];
  end if;
  said := said || jsonb_build_object('group', a.group_id);
  return array[
    _append(a.group_id, null, json_build_object('type', 'event_counted', 'key', a.key, 'counts', counts)),
    _append(_admins_of(_club_of(a.group_id)), null, said::json),
    _append(_self_group(a.user_id), null, said::json)];
end $$;

-- Offers what is free to whoever has waited longest, of each label apart. Where the next one wants more places than are
-- free, these are kept for them.
create function _offer_free(g bigint, at_key text, moment timestamptz) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare closes_at timestamptz := _closes_at(g, at_key); next answers; log logged[] := '{}'; lane text;
begin
  if closes_at <= moment then return log; end if;
  for lane in select distinct coalesce(label::text, '') from answers
      where group_id = g and key = at_key and standing = 'waiting' order by 1 loop
    loop
      select * into next from answers where group_id = g and key = at_key and standing = 'waiting'
        and coalesce(label::text, '') = lane order by queued_seq limit 1;
      exit when next.user_id is null or 1 + next.guests > _free_places(g, at_key, next.label);
      update answers set standing = 'offered', until = _held_until(user_id, closes_at, moment)
        where group_id = g and key = at_key and user_id = next.user_id returning * into next;
      log := log || _say_standing(next, null);
      perform _tell_event(g, at_key, array[next.user_id], 'offer', true, moment);
    end loop;
  end loop;
  return log;
end $$;

-- Offers that nobody took are over, and go to the next: one event, true = there may be more.
create function lapse_offers(moment timestamptz) returns outcome
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); g bigint; one answers; log logged[] := '{}';
begin
  select a.group_id into g from answers a where a.until <= at_now order by a.until limit 1;
  if g is null then return row(to_jsonb(false), null)::outcome; end if;
  perform _lock(g || case when not (select listed from events where group_id = g) then _who_is_told(g) end);
  for one in select * from answers where group_id = g and until <= at_now order by queued_seq loop
    update answers set standing = 'out', queued_seq = null, until = null
      where group_id = g and key = one.key and user_id = one.user_id returning * into one;
    log := log || _say_standing(one, null);
    log := log || _offer_free(g, one.key, at_now);
  end loop;
  return row(to_jsonb(true), log)::outcome;
end $$;

-- --- answers --------------------------------------------------------------------------------------------------

-- What comes of "going": a place, or the waiting list. Whoever has a place keeps it, unless they want more than there
-- are. `past_queue` = by who runs it, and never beyond the places.
create function _standing_of(e events, was answers, at_key text, of_label uuid, needed int, past_queue boolean)
returns text language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare free bigint := _free_places(e.group_id, at_key, of_label);
begin
  if was.standing in ('in', 'offered') and was.label is not distinct from of_label then
    free := free + 1 + was.guests;
    if free < needed then perform _fail('full'); end if;
    return 'in';
  end if;
  if free is null or free >= needed and (past_queue or not exists (
      select 1 from answers a where a.group_id = e.group_id and a.key = at_key and a.standing = 'waiting'
        and a.user_id is distinct from was.user_id and a.label is not distinct from of_label)) then
    return 'in';
  end if;
  if past_queue then perform _fail('full'); end if;
  return 'waiting';
end $$;

-- What somebody says, or who runs it says for them (`target_sub`). `past_all` = also past the deadline and the waiting
-- list, by who runs it. Raises not_found, forbidden, not_asked, answers_closed, full, invalid_field.
create function answer_event(
  who bigint, event_key uuid, at_key text, as_answer text, with_guests int, with_note text, target_sub text,
  past_all boolean, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare e events; runs boolean; target bigint := who; was answers; now_is answers; of_label uuid; as_standing text;
  at_now timestamptz := coalesce(moment, clock_timestamp()); log logged[]; needed int := 1 + with_guests;
begin
  if target_sub is not null then
    select id into target from users where sub = target_sub;
    if target is null then perform _fail('not_found'); end if;
  end if;
  e := _event_locked(who, event_key, target <> who or past_all, array[_self_group(target)]);
  perform _reading(target, e.group_id);
  select manages into runs from readers where user_id = who and group_id = e.group_id;
  if not exists (select 1 from occurrences where group_id = e.group_id and key = at_key) then perform _fail('not_found'); end if;
  if e.cancelled_at is not null or exists (select 1 from occurrences where group_id = e.group_id and key = at_key and cancelled)
      or _closes_at(e.group_id, at_key) <= at_now and not past_all then
    perform _fail('answers_closed');
  end if;
  if with_guests > e.guests_max then perform _fail('invalid_field', 'guests: at most ' || e.guests_max); end if;
  if not runs and not _is_asked(e.group_id, target) then perform _fail('not_asked'); end if;
  select * into was from answers where group_id = e.group_id and key = at_key and user_id = target;
  as_standing := 'out';
  if as_answer = 'going' then
    if e.by_label then
      of_label := case when was.queued_seq is not null or was.standing = 'in' then was.label
        else _label_for(e.group_id, at_key, target, needed) end;
      if of_label is null then perform _fail('not_asked'); end if;
    end if;
    as_standing := _standing_of(e, was, at_key, of_label, needed, past_all);
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
  if as_answer <> 'no' and not exists (select 1 from follows where user_id = target and group_id = e.group_id) then
    log := log || _follow(target, e.group_id, true);
  end if;
  log := log || _offer_free(e.group_id, at_key, at_now);
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
