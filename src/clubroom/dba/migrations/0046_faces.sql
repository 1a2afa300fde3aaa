-- With how many come, the first of them are told, for their faces on the card.

-- As in 0038, and where everybody sees who comes `faces`: the first five who have a place, by when they said so.
create or replace function _counts(g bigint, keys text[]) returns table(key text, counts jsonb)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with by_label as (
    select a.key, a.label, sum(1 + a.guests) as n from answers a where a.group_id = g and a.key = any(keys)
      and a.standing in ('in', 'offered') and a.label is not null group by a.key, a.label),
  labelled as (select l.key, jsonb_object_agg(l.label, l.n) as labels from by_label l group by l.key),
  people as (
    select a.key, count(*) filter (where standing = 'in') as going, count(*) filter (where answer = 'maybe') as maybe,
      count(*) filter (where answer = 'no') as no, count(*) filter (where queued_seq is not null) as waiting,
      sum(1 + guests) filter (where standing in ('in', 'offered')) as taken
    from answers a where a.group_id = g and a.key = any(keys) group by a.key),
  first as (
    select o.key, jsonb_agg(_sub(o.user_id) order by o.nth) as faces from (
      select a.key, a.user_id, row_number() over (partition by a.key order by a.at, a.user_id) as nth
      from answers a join events e on e.group_id = a.group_id and e.listed
      where a.group_id = g and a.key = any(keys) and a.standing = 'in') o
    where o.nth <= 5 group by o.key)
  select asked.key, jsonb_build_object('going', coalesce(p.going, 0), 'maybe', coalesce(p.maybe, 0),
    'no', coalesce(p.no, 0), 'waiting', coalesce(p.waiting, 0), 'taken', coalesce(p.taken, 0),
    'labels', coalesce(l.labels, '{}')) || case when f.faces is null then '{}' else jsonb_build_object('faces', f.faces) end
  from unnest(keys) asked(key) left join people p on p.key = asked.key left join labelled l on l.key = asked.key
  left join first f on f.key = asked.key $$;
