-- Numbers about a club, for whoever runs it: answers of each event, people of each group, who came over time. They are
-- counted for everybody at once, seldom, into materialized views, and read through one function: such views know no
-- row-level security. A small club is counted when it is asked. Decision 0038.
--
-- What a view holds is what its function says, which has the search path that opens the rows (fences.sql).

create table statistics_made(
  only_one boolean primary key default true check (only_one),
  at timestamptz,                            -- the views hold what was so then
  changes text);                             -- how much had been written until then
insert into statistics_made default values;

-- Answers of each occurrence of this club, or of all.
create function _count_answers(of_club bigint)
returns table(club bigint, group_id bigint, key text, going int, maybe int, no int, waiting int, taken int, came int, missed int)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select c.club, o.group_id, o.key, a.going, a.maybe, a.no, a.waiting, a.taken, k.came, k.missed
  from events e cross join lateral (select coalesce(of_club, _club_of(e.group_id)) as club) c
  join occurrences o on o.group_id = e.group_id
  cross join lateral (
    select count(*) filter (where standing = 'in')::int as going, count(*) filter (where answer = 'maybe')::int as maybe,
      count(*) filter (where answer = 'no')::int as no, count(*) filter (where queued_seq is not null)::int as waiting,
      coalesce(sum(1 + guests) filter (where standing in ('in', 'offered')), 0)::int as taken
    from answers where answers.group_id = o.group_id and answers.key = o.key) a
  cross join lateral (
    select count(*) filter (where ticks.came)::int as came, count(*) filter (where not ticks.came)::int as missed
    from ticks where ticks.group_id = o.group_id and ticks.key = o.key) k
  where of_club is null or e.group_id = any(_groups_below(of_club)) $$;

-- How many are in the club, in each private room, and follow each public one.
create function _count_people(of_club bigint)
returns table(club bigint, group_id bigint, people int)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select coalesce(of_club, _club_of(g.id)), g.id, count(*)::int
  from groups g join memberships m on m.group_id = g.members_of and m.to_seq is null
  left join follows f on f.user_id = m.user_id and f.group_id = g.id
  where g.kind in ('club', 'channel') and g.archived_at is null and g.deleted_at is null
    and (g.members_of = g.id or coalesce(f.is_on, g.landing))
    and (of_club is null or g.id = of_club or g.id = any(_groups_below(of_club)))
  group by g.id $$;

-- What took place on each day by the club's clock, but for what is of private rooms: how many were going, and came. `ticked` =
-- of how many people it is known.
create function _count_attendance(of_club bigint)
returns table(club bigint, day date, events int, going int, came int, ticked int)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select a.club, (o.starts_at at time zone coalesce(g.time_zone, 'UTC'))::date, count(*)::int, sum(a.going)::int,
    sum(a.came)::int, sum(a.came + a.missed)::int
  from _count_answers(of_club) a join occurrences o on o.group_id = a.group_id and o.key = a.key
  join events e on e.group_id = a.group_id join groups room on room.id = a.group_id and room.members_of = a.club
  join groups g on g.id = a.club
  where o.starts_at is not null and not o.cancelled and e.cancelled_at is null
  group by 1, 2 $$;

create materialized view statistics_answers as select * from _count_answers(null);
create unique index statistics_answers_of on statistics_answers(club, group_id, key);
create materialized view statistics_people as select * from _count_people(null);
create unique index statistics_people_of on statistics_people(club, group_id);
create materialized view statistics_attendance as select * from _count_attendance(null);
create unique index statistics_attendance_of on statistics_attendance(club, day);

-- How much was written to what is counted, as PostgreSQL itself keeps count of it.
create function _statistics_changes() returns text
language sql volatile security definer set search_path = clubroom, pg_temp as $$
  select sum(n_tup_ins + n_tup_upd + n_tup_del)::text from pg_stat_all_tables where schemaname = 'clubroom'
    and relname in ('events', 'occurrences', 'answers', 'ticks', 'memberships', 'follows') $$;

-- By one server at a time, at most once in `every_s`, and only where anything was written. True = it was counted anew.
create function refresh_statistics(every_s int, moment timestamptz) returns boolean
language plpgsql volatile security definer set search_path = clubroom, pg_temp as $$
declare made statistics_made; changes_now text; at_now timestamptz := coalesce(moment, clock_timestamp());
begin
  select * into made from statistics_made for update skip locked;
  if not found or made.at > at_now - make_interval(secs => every_s) then return false; end if;
  changes_now := _statistics_changes();
  update statistics_made set at = at_now, changes = changes_now;  -- what was not written to is still so
  if made.changes is not distinct from changes_now then return false; end if;
  refresh materialized view concurrently statistics_answers;
  refresh materialized view concurrently statistics_people;
  refresh materialized view concurrently statistics_attendance;
  return true;
end $$;

-- Of a club, as wire.Statistics, for who runs it: what one does not read oneself is left out. A club of at most
-- `live_max` members is counted now.
create function statistics_of(who bigint, of_club bigint, live_max int, events_max int, months_max int, moment timestamptz)
returns jsonb language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare members bigint; live boolean; at_now timestamptz := coalesce(moment, clock_timestamp()); zone text;
begin
  perform _reading(who, of_club);
  if (select kind from groups where id = of_club) <> 'club' or _role(who, of_club) = 'member' then perform _fail('forbidden'); end if;
  select count(*) into members from memberships where group_id = of_club and to_seq is null;
  select coalesce(time_zone, 'UTC') into zone from groups where id = of_club;
  live := members <= live_max;
  return jsonb_build_object('live', live, 'members', members,
    'at', case when live then _rfc3339(at_now) else (select _rfc3339(at) from statistics_made) end,
    'events', (select coalesce(jsonb_agg(to_jsonb(n) - 'starts_at' order by n.starts_at desc nulls last, n.group, n.key), '[]') from (
      select a.group_id as group, a.key, e.says ->> 'name' as name, _rfc3339(o.starts_at) as start, o.starts_at,
        o.cancelled or e.cancelled_at is not null as cancelled, a.going, a.maybe, a.no, a.waiting, a.taken, a.came, a.missed
      from (select * from _count_answers(of_club) where live
            union all select * from statistics_answers s where s.club = of_club and not live) a
      join events e on e.group_id = a.group_id join occurrences o on o.group_id = a.group_id and o.key = a.key
      where exists (select 1 from readers r where r.group_id = a.group_id and r.user_id = who)
        -- what has taken place, and what comes next of each
        and (o.starts_at is null or o.starts_at <= at_now or o.starts_at = (select min(x.starts_at) from occurrences x
          where x.group_id = o.group_id and x.starts_at > at_now and not x.cancelled))
      order by o.starts_at desc nulls last, a.group_id, a.key limit events_max) n),
    'groups', (select coalesce(jsonb_agg(to_jsonb(n) order by n.people desc, n.name, n.group), '[]') from (
      select p.group_id as group, g.name, p.people
      from (select * from _count_people(of_club) where live
            union all select * from statistics_people s where s.club = of_club and not live) p
      join groups g on g.id = p.group_id and g.archived_at is null
      where exists (select 1 from readers r where r.group_id = p.group_id and r.user_id = who)) n),
    'months', (select coalesce(jsonb_agg(to_jsonb(n) order by n.month), '[]') from (
      select to_char(d.day, 'YYYY-MM') as month, sum(d.events)::int as events, sum(d.going)::int as going,
        sum(d.came)::int as came, sum(d.ticked)::int as ticked
      from (select * from _count_attendance(of_club) where live
            union all select * from statistics_attendance s where s.club = of_club and not live) d
      where d.day <= (at_now at time zone zone)::date group by 1 order by 1 desc limit months_max) n));
end $$;
