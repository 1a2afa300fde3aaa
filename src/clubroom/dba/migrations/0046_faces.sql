-- With how many come, the first of them are told, for their faces on the card.

-- How many come to occurrences of these groups, of these keys or (null) of all that have answers; and where everybody
-- sees who comes `faces`: the first five who have a place, by when they said so.
create function _counts_in(gs bigint[], keys text[]) returns table(group_id bigint, key text, counts jsonb)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with said as materialized (
    select a.* from answers a where a.group_id = any(gs) and (keys is null or a.key = any(keys))),
  by_label as (
    select a.group_id, a.key, a.label, sum(1 + a.guests) as n from said a
    where a.standing in ('in', 'offered') and a.label is not null group by a.group_id, a.key, a.label),
  labelled as (
    select l.group_id, l.key, jsonb_object_agg(l.label, l.n) as labels from by_label l group by l.group_id, l.key),
  people as (
    select a.group_id, a.key, count(*) filter (where standing = 'in') as going,
      count(*) filter (where answer = 'maybe') as maybe, count(*) filter (where answer = 'no') as no,
      count(*) filter (where queued_seq is not null) as waiting,
      coalesce(sum(1 + guests) filter (where standing in ('in', 'offered')), 0) as taken
    from said a group by a.group_id, a.key),
  first as (
    select o.group_id, o.key, jsonb_agg(u.sub order by o.nth) as faces from (
      select a.group_id, a.key, a.user_id, row_number() over (partition by a.group_id, a.key order by a.at, a.user_id) as nth
      from said a join events e on e.group_id = a.group_id and e.listed where a.standing = 'in') o
    join users u on u.id = o.user_id where o.nth <= 5 group by o.group_id, o.key)
  select p.group_id, p.key, jsonb_build_object('going', p.going, 'maybe', p.maybe, 'no', p.no, 'waiting', p.waiting,
    'taken', p.taken, 'labels', coalesce(l.labels, '{}'))
    || case when f.faces is null then '{}' else jsonb_build_object('faces', f.faces) end
  from people p left join labelled l on l.group_id = p.group_id and l.key = p.key
  left join first f on f.group_id = p.group_id and f.key = p.key $$;

create function _nobody() returns jsonb
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object('going', 0, 'maybe', 0, 'no', 0, 'waiting', 0, 'taken', 0, 'labels', '{}'::jsonb) $$;

create or replace function _event_counts(g bigint, at_key text) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select coalesce((select counts from _counts_in(array[g], array[at_key])), _nobody()) $$;

-- As in 0045, counted by _counts_in.
create or replace function _events_json(gs bigint[]) returns table(group_id bigint, event jsonb)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with counted as materialized (select * from _counts_in(gs, null)),
  listed as materialized (
    select o.group_id, jsonb_agg(_occurrence_json(o) || jsonb_build_object('counts', coalesce(c.counts, _nobody()))
      order by o.key) as occurrences
    from occurrences o left join counted c on c.group_id = o.group_id and c.key = o.key
    where o.group_id = any(gs) group by o.group_id)
  select e.group_id, e.says - 'name' || jsonb_build_object('event', e.key, 'by', u.sub,
    'cancelled', e.cancelled_at is not null, 'occurrences', coalesce(listed.occurrences, '[]'))
  from events e join users u on u.id = e.by_user left join listed on listed.group_id = e.group_id
  where e.group_id = any(gs) $$;

create or replace function _event_json(g bigint) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select event from _events_json(array[g]) $$;

drop function _counts(bigint, text[]);
