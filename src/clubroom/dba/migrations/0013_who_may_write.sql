-- The list of a person's groups says of a conversation whether a message of theirs would be taken, as it does of rooms.

-- As in 0009, but `may_post` knows of blocks and of clubs that want no conversations.
create or replace function my_groups(who bigint, most int default 100) returns setof jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object('group', g.id, 'kind', g.kind, 'name', g.name, 'parent', g.parent,
    'role', r.role, 'head', g.head, 'read', coalesce(p.seq, 0),
    'unread', (select count(*) from (
       select 1 from messages x where x.group_id = g.id and x.author <> who and x.deleted_at is null
         and x.seq > coalesce(p.seq, 0) and x.seq >= r.first_seq
         and case when r.inherits then x.sent_at >= r.opened_at else x.seq >= r.since_seq end limit most) counted),
    'mentions', (select count(*) from (
       select 1 from mentions n join messages x on x.group_id = n.group_id and x.seq = n.seq
         where n.group_id = g.id and n.user_id in (who, 0) and x.author <> who and n.seq > coalesce(p.seq, 0)
         and n.seq >= r.first_seq and case when r.inherits then x.sent_at >= r.opened_at else x.seq >= r.since_seq end
         limit most) counted),
    'manages', r.manages, 'may_post', r.may_post and (g.kind <> 'dm' or _may_write_dm(who, g.id)),
    'private', not r.inherits,
    'followed', case when r.inherits then _follows(who, g.id) else true end,
    'description', g.description, 'announce', g.announce, 'landing', g.landing,
    'archived', g.archived_at is not null, 'rooms_by_admins', g.rooms_by_admins, 'dms_off', g.dms_off,
    'people', coalesce((
       select jsonb_agg(jsonb_build_object('user', u.sub, 'name', u.name) order by u.sub)
       from dms d join users u on u.id = any(d.people) where d.group_id = g.id and u.id <> who), '[]'))
  from readers r join groups g on g.id = r.group_id
  left join read_pointers p on p.user_id = who and p.group_id = g.id
  where r.user_id = who order by g.id $$;
