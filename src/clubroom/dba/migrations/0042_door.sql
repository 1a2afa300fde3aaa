-- At the door of an event: who came. Whoever runs it ticks people, on several devices at once, and also where there is
-- no line; what they ticked comes later, with the moment at which they did. Decision 0038.

create table ticks(
  group_id bigint not null,
  key text not null,
  user_id bigint not null references users,
  came boolean,                              -- null = taken back
  ticked_at timestamptz not null,
  by_user bigint not null references users,
  primary key (group_id, key, user_id),
  foreign key (group_id, key) references occurrences on delete cascade);
create index ticks_of on ticks(user_id);

-- Of two ticks of the same moment the higher one stays, whichever comes first.
create function _tick_order(came boolean) returns int
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select case came when true then 2 when false then 1 else 0 end $$;

-- Whose logs tell of ticks: those who run the club, and who else runs this event.
create function _doors_of(g bigint) returns bigint[]
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select array_remove(_admins_log(g) || array(
    select _self_group(r.user_id) from readers r where r.group_id = g and r.manages and not exists (
      select 1 from readers a where a.group_id = _admins_log(g) and a.user_id = r.user_id)), null) $$;

-- Whoever may read it, and whoever answered or was ticked before they went.
create function _at_the_door(g bigint, at_key text) returns setof bigint
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select user_id from readers where group_id = g
  union select user_id from answers where group_id = g and key = at_key
  union select user_id from ticks where group_id = g and key = at_key $$;

-- For who runs it: an event's occurrence, or not_found or forbidden.
create function _door(who bigint, event_key uuid, at_key text) returns events
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare e events;
begin
  select * into e from events where key = event_key;
  if e.group_id is null then perform _fail('not_found'); end if;
  perform _reading(who, e.group_id);
  if not (select manages from readers where user_id = who and group_id = e.group_id) then perform _fail('forbidden'); end if;
  if not exists (select 1 from occurrences where group_id = e.group_id and key = at_key) then perform _fail('not_found'); end if;
  return e;
end $$;

-- `said` = [{user, came, at}]; of each person the newest stays, and a clock that is ahead is cut to now. The answer tells
-- how these people stand now, and who is not known here. Told are changes alone. Raises not_found, forbidden.
create function tick_door(who bigint, event_key uuid, at_key text, said jsonb, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare e events := _door(who, event_key, at_key); told bigint[] := _doors_of(e.group_id); changed jsonb; now_is jsonb;
  at_now timestamptz := coalesce(moment, clock_timestamp()); log logged[] := '{}'; g bigint := e.group_id; one bigint;
begin
  e := _event_locked(who, event_key, true, told);
  with known as (
      select distinct on (u.id) u.id, (t ->> 'came')::boolean as came, least((t ->> 'at')::timestamptz, at_now) as at
      from jsonb_array_elements(said) t join users u on u.sub = t ->> 'user'
      where u.id in (select _at_the_door(g, at_key))
      order by u.id, 3 desc, _tick_order((t ->> 'came')::boolean) desc),
    written as (
      insert into ticks as k (group_id, key, user_id, came, ticked_at, by_user)
        select g, at_key, id, came, at, who from known
      on conflict (group_id, key, user_id) do update
        set came = excluded.came, ticked_at = excluded.ticked_at, by_user = excluded.by_user
        where (excluded.ticked_at, _tick_order(excluded.came)) > (k.ticked_at, _tick_order(k.came))
      returning k.user_id, k.came)
    select jsonb_agg(jsonb_build_object('user', _sub(w.user_id), 'came', w.came) order by _sub(w.user_id)) into changed
    from written w left join ticks k on k.group_id = g and k.key = at_key and k.user_id = w.user_id  -- as it was before
    where k.came is distinct from w.came;
  select jsonb_build_object(
      'ticks', coalesce(jsonb_agg(jsonb_build_object('user', s.sub, 'came', k.came, 'at', _rfc3339(k.ticked_at)) order by s.sub)
        filter (where k.user_id is not null), '[]'),
      'unknown', coalesce(jsonb_agg(s.sub order by s.sub) filter (where k.user_id is null), '[]')) into now_is
    from (select distinct t ->> 'user' as sub from jsonb_array_elements(said) t) s
    left join users u on u.sub = s.sub left join ticks k on k.group_id = g and k.key = at_key and k.user_id = u.id;
  if changed is null then return row(now_is, null)::outcome; end if;
  foreach one in array array(select unnest(told) intersect select unnest(_doors_of(g)) order by 1) loop
    log := log || _append(one, null, json_build_object('type', 'event_ticked', 'group', g, 'key', at_key, 'by', _sub(who),
      'ticks', changed));
  end loop;
  return row(now_is, log)::outcome;
end $$;

-- Everybody who could come to one occurrence, as wire.Door, with what they said and whether they came.
create function door_of(who bigint, event_key uuid, at_key text) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare e events := _door(who, event_key, at_key); club bigint := _club_of(e.group_id);
begin
  return jsonb_build_object('key', at_key, 'group', e.group_id, 'name', e.says ->> 'name',
    'people', (select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('user', u.sub, 'name', u.name,
        'labels', (select jsonb_agg(l.name order by l.name) from member_labels ml join labels l on l.id = ml.label_id
          where ml.user_id = u.id and l.group_id = club),
        'answer', a.answer, 'standing', a.standing, 'guests', nullif(a.guests, 0), 'note', nullif(a.note, ''),
        'at', _rfc3339(a.at), 'by', _sub(a.by_user),
        'came', k.came, 'ticked_at', case when k.came is not null then _rfc3339(k.ticked_at) end,
        'ticked_by', case when k.came is not null then _sub(k.by_user) end)) order by u.name, u.sub), '[]')
      from _at_the_door(e.group_id, at_key) d join users u on u.id = d
      left join answers a on a.group_id = e.group_id and a.key = at_key and a.user_id = u.id
      left join ticks k on k.group_id = e.group_id and k.key = at_key and k.user_id = u.id));
end $$;

-- As in 0039, and for who runs it whether they came.
alter function answers_of(bigint, uuid, text) rename to _answers_said;
create function answers_of(who bigint, event_key uuid, at_key text) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare said jsonb := _answers_said(who, event_key, at_key); g bigint;
begin
  select group_id into g from events where key = event_key;
  if not (select manages from readers where user_id = who and group_id = g) then return said; end if;
  return said || jsonb_build_object('answers', (
    select coalesce(jsonb_agg(case when k.came is null then a else a || jsonb_build_object('came', k.came) end order by place), '[]')
    from jsonb_array_elements(said -> 'answers') with ordinality as said_by(a, place)
    left join users u on u.sub = a ->> 'user'
    left join ticks k on k.group_id = g and k.key = at_key and k.user_id = u.id));
end $$;
