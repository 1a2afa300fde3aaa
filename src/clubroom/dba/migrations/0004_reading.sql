-- What is read: pages, actions after cursors, snapshots, pointers. Each judges membership itself.

create function installation_epoch() returns text
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select epoch from installation $$;

-- Newest first, below `before`; one more than `n` tells whether there are older ones.
create function messages_before(who bigint, g bigint, before bigint, n int) returns setof shown_message
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare first_seq bigint := _reading(who, g);
begin
  return query
    select m.id, m.group_id, m.seq, u.sub, m.text, m.sent_at
    from messages m join users u on u.id = m.author
    where m.group_id = g and m.seq >= first_seq and m.seq < before order by m.seq desc limit n;
end $$;

-- Oldest first, from `first` on.
create function messages_from(who bigint, g bigint, first bigint, n int) returns setof shown_message
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare first_seq bigint := _reading(who, g);
begin
  return query
    select m.id, m.group_id, m.seq, u.sub, m.text, m.sent_at
    from messages m join users u on u.id = m.author
    where m.group_id = g and m.seq >= greatest(first_seq, first) order by m.seq limit n;
end $$;

-- Those of the groups that this person may read, with what a client must know to resume.
create function readable_groups(who bigint, gs bigint[])
returns table(group_id bigint, head bigint, first bigint, read bigint)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select g.id, g.head, greatest(m.from_seq, g.floor + 1), coalesce(p.seq, 0)
  from memberships m join groups g on g.id = m.group_id
  left join read_pointers p on p.user_id = who and p.group_id = g.id
  where m.user_id = who and m.group_id = any(gs) and m.to_seq is null order by g.id $$;

-- A person's groups, asked only where a token could not list them all (`gx`).
create function group_ids(who bigint) returns setof bigint
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select group_id from memberships where user_id = who and to_seq is null order by group_id $$;

-- Actions after each cursor, by group and seq, at most `n` in all. Judged again: a cursor opens nothing.
create function actions_after(who bigint, gs bigint[], after bigint[], n int)
returns table(group_id bigint, seq bigint, at timestamptz, body bytea)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select a.group_id, a.seq, a.at, a.body
  from unnest(gs, after) as c(g, after)
  join memberships m on m.group_id = c.g and m.user_id = who and m.to_seq is null
  cross join lateral (
    select * from actions x where x.group_id = c.g and x.seq > c.after and x.seq >= m.from_seq
    order by x.seq limit n) a
  order by a.group_id, a.seq limit n $$;

-- For the servers themselves: what follows `after` in one log, to fill a gap in live delivery.
create function log_after(g bigint, after bigint, n int) returns setof logged
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select group_id, seq, at, body, joined, cut from actions
  where group_id = g and seq > after order by seq limit n $$;

-- One statement, hence one moment: the state of a group at `seq`. `n` messages at most, newer than `since`.
create function snapshot(who bigint, g bigint, since bigint, n int) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare first_seq bigint := _reading(who, g); messages jsonb; window_seq bigint;
begin
  with newest as (
    select m.id, m.group_id, m.seq, u.sub, m.text, m.sent_at
    from messages m join users u on u.id = m.author
    where m.group_id = g and m.seq >= first_seq and m.seq > since order by m.seq desc limit n)
  select coalesce(jsonb_agg(jsonb_build_object('id', id, 'group', group_id, 'seq', seq, 'author', sub,
           'text', text, 'sent_at', _rfc3339(sent_at)) order by seq), '[]'),
         -- fewer than asked for: complete from the first readable action on
         case when count(*) < n then greatest(first_seq, since + 1) else min(seq) end
    into messages, window_seq from newest;
  return (
    select jsonb_build_object('group', gr.id, 'epoch', installation_epoch(), 'seq', gr.head, 'kind', gr.kind,
      'name', gr.name, 'parent', gr.parent, 'members', _members(g), 'messages', messages, 'window', window_seq)
    from groups gr where gr.id = g);
end $$;

-- Everybody whom the log names, by their latest membership.
create function _members(g bigint) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('user', u.sub, 'name', u.name, 'role', m.role,
           'left', m.to_seq is not null) order by u.sub), '[]')
  from (select distinct on (user_id) * from memberships where group_id = g order by user_id, since_seq desc) m
  join users u on u.id = m.user_id $$;

-- A person's groups for the first screen; unread = others' messages after the pointer, counted up to `most`.
create function my_groups(who bigint, most int default 100)
returns table(group_id bigint, kind text, name text, parent bigint, role text, head bigint, read bigint, unread bigint)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select g.id, g.kind, g.name, g.parent, m.role, g.head, coalesce(p.seq, 0),
    (select count(*) from (
       select 1 from messages x where x.group_id = g.id and x.author <> who
         and x.seq > coalesce(p.seq, 0) and x.seq >= m.since_seq limit most) counted)
  from memberships m join groups g on g.id = m.group_id
  left join read_pointers p on p.user_id = who and p.group_id = g.id
  where m.user_id = who and m.to_seq is null order by g.id $$;

-- Read pointers only ever move forward, never beyond the head, and only for members (L9). Answers those that moved.
create function move_read_pointers(users bigint[], gs bigint[], seqs bigint[])
returns table(user_id bigint, group_id bigint, seq bigint)
language plpgsql security definer set search_path = clubroom, pg_temp as $$
#variable_conflict use_column
begin
  return query
  insert into read_pointers as p (user_id, group_id, seq, moved_at)
  select a.u, a.g, least(max(a.s), max(gr.head)), clock_timestamp()
  from unnest(users, gs, seqs) as a(u, g, s)
  join memberships m on m.user_id = a.u and m.group_id = a.g and m.to_seq is null
  join groups gr on gr.id = a.g
  group by a.u, a.g order by a.u, a.g
  on conflict on constraint read_pointers_pkey do update
    set seq = excluded.seq, moved_at = excluded.moved_at where p.seq < excluded.seq
  returning p.user_id, p.group_id, p.seq;
end $$;

-- One pointer, moved at once; where it stands now.
create function move_read_pointer(who bigint, g bigint, seq bigint) returns bigint
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  perform _reading(who, g);
  perform move_read_pointers(array[who], array[g], array[seq]);
  return (select p.seq from read_pointers p where p.user_id = who and p.group_id = g);
end $$;
