-- What stands at the app's face, of as many people as are told at once: whoever calls everybody in a club of thousands
-- changes it for each of them, and each alone was asked for all that their list shows.

-- How much calls these people, as the client counts it (state/unread.svelte.ts) out of my_groups: up to a hundred in
-- each group that is in their list, mentions, and all of conversations that ring.
create function push_badges(people bigint[]) returns table(user_id bigint, badge bigint)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with mine as materialized (
    select r.user_id, g.id as group_id, g.kind = 'dm' and wish.level <> 'mentions' as whole, coalesce(m.until > now(), false) as muted,
      r.inherits, r.opened_at, greatest(coalesce(p.seq, 0) + 1, r.first_seq, case
        when not r.inherits then r.since_seq
        when (select x.sent_at from messages x where x.group_id = g.id order by x.seq desc limit 1) >= r.opened_at then 1
        else g.head + 1 end) as from_seq
    from readers r join groups g on g.id = r.group_id
    join groups club on club.id = case when g.kind = 'event' then _club_of(g.id) else coalesce(g.parent, g.id) end
    left join events e on e.group_id = g.id
    left join groups room on room.id = g.parent and g.kind = 'event'  -- of an archived one it is as archived
    left join follows f on f.group_id = g.id and f.user_id = r.user_id
    left join levels own on own.group_id = g.id and own.user_id = r.user_id
    left join levels of_room on of_room.group_id = g.parent and of_room.user_id = r.user_id
    left join levels of_club on of_club.group_id = club.id and of_club.user_id = r.user_id
    left join mutes m on m.group_id = g.id and m.user_id = r.user_id
    left join read_pointers p on p.group_id = g.id and p.user_id = r.user_id
    cross join lateral (
      select coalesce(own.level, of_room.level, of_club.level, club.default_level, 'all') as level) wish
    where r.user_id = any(people) and g.archived_at is null and room.archived_at is null and wish.level <> 'nothing'
      and (not r.inherits or coalesce(f.is_on, g.landing))
      and (e.over_at is null or e.over_at >= now() - interval '14 days')),
  called as materialized (
    select id as user_id, unnest(array[id, 0] || array(select -label_id from member_labels l where l.user_id = id)) as by
    from unnest(people) id),
  counted as (
    select m.user_id, least(count(distinct x.seq), 100) as n
    from mine m join called c on c.user_id = m.user_id
    cross join lateral (select n.seq from mentions n where n.group_id = m.group_id and n.user_id = c.by
      and n.seq >= m.from_seq order by n.seq desc limit 100) n
    join messages x on x.group_id = m.group_id and x.seq = n.seq
    where not m.whole and x.author <> m.user_id and (not m.inherits or x.sent_at >= m.opened_at)
    group by m.user_id, m.group_id
    union all
    select m.user_id, (select count(*) from (select * from messages x where x.group_id = m.group_id and x.seq >= m.from_seq
        order by x.seq desc limit 100) x where x.author <> m.user_id and x.deleted_at is null)
    from mine m where m.whole and not m.muted)
  select id, coalesce((select sum(n) from counted where counted.user_id = id), 0)::bigint from unnest(people) id $$;
drop function push_badge(bigint);
