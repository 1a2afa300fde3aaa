-- What somebody wants to be told of: of a group everything, what calls them, or nothing; and at which hours nothing.

create table levels(
  user_id bigint not null references users,
  group_id bigint not null references groups,  -- of a club: for all its rooms that have none of their own
  level text not null check (level in ('all', 'mentions', 'nothing')),
  primary key (user_id, group_id));
create index levels_of_group on levels(group_id, user_id);  -- asked with each message, for everybody who reads it
create index mutes_of_group on mutes(group_id, user_id);

-- Of a club: what holds in its rooms for whoever has chosen nothing; null = all.
alter table groups add default_level text check (default_level in ('all', 'mentions', 'nothing'));

-- By the clock on the wall, so that nobody is woken when it is put forward or back.
create table quiet_hours(
  user_id bigint primary key references users,
  time_zone text not null,
  spans jsonb not null,           -- as they were said
  week int4multirange not null);  -- their minutes, the first of Monday being 0

-- Null = as the club says. Not of one's own notes: nobody else writes there.
create function set_level(who bigint, g bigint, wanted text) returns outcome
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare self bigint := _self_group(who);
begin
  perform _lock(array[self]);
  perform _reading(who, g);
  if g = self then perform _fail('forbidden'); end if;
  if wanted is null then
    delete from levels where user_id = who and group_id = g;
  else
    insert into levels as l (user_id, group_id, level) values (who, g, wanted)
      on conflict (user_id, group_id) do update set level = excluded.level where l.level <> excluded.level;
  end if;
  if not found then return row(null, null)::outcome; end if;
  return row(null, array[_append(self, null, json_strip_nulls(json_build_object('type', 'level_changed', 'group', g,
    'level', wanted)))])::outcome;
end $$;

-- All of them anew, in one's own time zone; `zone` counts only for whoever has none. None of them = no quiet hours.
create function set_quiet_hours(who bigint, said text, zone text) returns outcome
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare self bigint := _self_group(who); wanted jsonb := said::jsonb; in_zone text;
begin
  perform _lock(array[self]);
  in_zone := coalesce((select time_zone from users where id = who), zone,
    (select time_zone from quiet_hours where user_id = who));
  if wanted = '[]' then
    delete from quiet_hours where user_id = who;
  elsif in_zone is null then
    perform _fail('invalid_field', 'time_zone: say in which, for you have none of your own.');
  else
    perform _known_zone(in_zone);
    insert into quiet_hours as q (user_id, time_zone, spans, week) values (who, in_zone, wanted, _week_of(wanted))
      on conflict (user_id) do update set time_zone = excluded.time_zone, spans = excluded.spans, week = excluded.week
      where (q.time_zone, q.spans) <> (excluded.time_zone, excluded.spans);
  end if;
  if not found then return row(null, null)::outcome; end if;
  return row(null, array[_append(self, null, json_strip_nulls(json_build_object('type', 'quiet_hours_changed',
    'spans', wanted, 'time_zone', case when wanted <> '[]' then in_zone end)))])::outcome;
end $$;

create function my_quiet_hours(who bigint) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object('spans', spans, 'time_zone', time_zone) from quiet_hours where user_id = who $$;

-- The minutes of the week. One that ends no later than it begins goes on into the next day, Sunday's into Monday.
create function _week_of(spans jsonb) returns int4multirange
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select coalesce(range_agg(part), '{}')
  from jsonb_to_recordset(spans) as said(days int[], "from" time, "to" time)
  cross join lateral (select extract(epoch from "from")::int / 60 as first, extract(epoch from "to")::int / 60 as last) m
  cross join unnest(days) as day
  cross join lateral (select day * 1440 + first as begins,
    day * 1440 + last + case when last <= first then 1440 else 0 end as ends) span
  cross join lateral (values (int4range(begins, least(ends, 10080))), (int4range(0, greatest(ends - 10080, 0)))) p(part) $$;

-- Whoever judges by a clock that this database does not know would judge nobody any more.
create function _known_zone(zone text) returns void
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  perform now() at time zone zone;
exception when invalid_parameter_value then
  perform _fail('invalid_field', 'This is not a time zone.');
end $$;

-- Quiet hours go along into another time zone; where it is again as the browser says they stay where they were.
create function _quiet_hours_follow() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  if new.gone_at is not null then
    delete from quiet_hours where user_id = new.id;
  elsif new.time_zone is not null then
    update quiet_hours set time_zone = new.time_zone where user_id = new.id;
    if found then perform _known_zone(new.time_zone); end if;
  end if;
  return null;
end $$;
create trigger quiet_hours_follow after update of time_zone, gone_at on users for each row
  when (new.time_zone is distinct from old.time_zone or new.gone_at is distinct from old.gone_at)
  execute function _quiet_hours_follow();

-- As in 0029, and levels go, too.
create or replace function _mutes_go() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  delete from mutes m using groups g
    where m.user_id = new.user_id and g.id = m.group_id and new.group_id in (g.id, g.parent);
  delete from levels l using groups g
    where l.user_id = new.user_id and g.id = l.group_id and new.group_id in (g.id, g.parent);
  return null;
end $$;

-- --- whom to tell ---------------------------------------------------------------------------------------------

-- The minute of the week on the wall there. A zone that this PostgreSQL does not know (a restore elsewhere) is UTC.
create function _week_minute(zone text, moment timestamptz) returns int
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  return (floor(extract(epoch from moment at time zone zone) / 60)::bigint + 3 * 1440) % 10080;
exception when invalid_parameter_value then
  return (floor(extract(epoch from moment at time zone 'UTC') / 60)::bigint + 3 * 1440) % 10080;
end $$;

-- Who of these people has quiet hours at this moment. 1970 began on a Thursday.
create function _quiet_people(people bigint[], moment timestamptz) returns setof bigint
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with zone as materialized (
    select z as name, _week_minute(z, moment) as minute from (
      select distinct time_zone as z from quiet_hours where user_id = any(people)) zones)
  select q.user_id from quiet_hours q join zone on zone.name = q.time_zone
  where q.user_id = any(people) and q.week @> zone.minute $$;

create function _is_quiet(who bigint, moment timestamptz) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select exists (select 1 from _quiet_people(array[who], moment)) $$;

-- What holds in a group for each of these people: their own word for it, else for its club, else the club's, else all.
create function _notification_wishes(g bigint, people bigint[], moment timestamptz)
returns table(user_id bigint, level text, muted boolean, quiet boolean)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select asked.id, coalesce(own.level, of_club.level, club.default_level, 'all'),
    coalesce(m.until > moment, false), q.id is not null
  from unnest(people) as asked(id)
  join groups gr on gr.id = g
  join groups club on club.id = coalesce(gr.parent, gr.id)
  left join levels own on own.group_id = g and own.user_id = asked.id
  left join levels of_club on of_club.group_id = (select parent from groups where id = g) and of_club.user_id = asked.id
  left join mutes m on m.group_id = g and m.user_id = asked.id
  left join _quiet_people(people, moment) as q(id) on q.id = asked.id $$;

create function _level_of(who bigint, g bigint) returns text
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select level from _notification_wishes(g, array[who], now()) $$;

-- --- what is told of a group ----------------------------------------------------------------------------------

-- As in 0014, and `default_level`.
create or replace function _group_json(g groups) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object('group', g.id, 'kind', g.kind, 'name', g.name, 'parent', g.parent,
    'private', g.members_of = g.id, 'description', g.description, 'announce', g.announce, 'landing', g.landing,
    'archived', g.archived_at is not null, 'rooms_by_admins', g.rooms_by_admins, 'dms_off', g.dms_off,
    'time_zone', g.time_zone, 'language', g.language, 'sign', g.sign, 'colour', g.colour, 'history', g.history,
    'joining_paused', g.joining_paused, 'members_invite', g.members_invite, 'default_level', g.default_level,
    'suspended', g.suspended_at is not null) $$;

-- As in 0029, and one's own level: null = as the club says.
create or replace function my_groups(who bigint, most int default 100) returns setof jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select entry || jsonb_build_object('level', l.level, 'mute', case when m.until > now() then
      jsonb_build_object('until', _until(m.until)) end)
  from _my_groups(who, most) with ordinality as mine(entry, place)
  left join mutes m on m.user_id = who and m.group_id = (entry ->> 'group')::bigint
  left join levels l on l.user_id = who and l.group_id = (entry ->> 'group')::bigint
  order by place $$;

-- As in 0016, and `default_level`, by admins, too.
create or replace function _club_json(g groups) returns jsonb
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object('name', g.name, 'time_zone', g.time_zone, 'language', g.language, 'sign', g.sign,
    'colour', g.colour, 'history', g.history, 'members_invite', g.members_invite, 'announce', g.announce,
    'joining_paused', g.joining_paused, 'rooms_by_admins', g.rooms_by_admins, 'dms_off', g.dms_off,
    'default_level', g.default_level) $$;

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
    default_level = case when change ? 'default_level' then change ->> 'default_level' else default_level end
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
