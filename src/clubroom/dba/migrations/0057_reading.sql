-- For gateways that only read (decisions 0025 and 0050): what a token for one is made from, numbers under the names that
-- people look for there, and who reads what, for a gateway that asks for rows by conditions of its own.

-- The groups with a membership row, 513 at most: more than a token can list. A device that was signed out gets none.
create function reading_groups(who bigint, of_session uuid) returns bigint[]
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  if not exists (select 1 from sessions s join users u on u.id = s.user_id
      where s.id = of_session and s.user_id = who and s.ended_at is null and u.gone_at is null) then
    perform _fail('unauthorized');
  end if;
  return array(select m.group_id from memberships m where m.user_id = who and m.to_seq is null order by m.group_id limit 513);
end $$;

-- --- numbers, counted of the rows that whoever asks may read ------------------------------------------------------

create view group_people with (security_invoker = true) as
  select g.id as group_id, count(m.user_id)::int as people
  from groups g left join memberships m on m.group_id = g.members_of and m.to_seq is null group by g.id;

-- Of events whose list everybody sees: of others one reads one's own answer, and that is no number.
create view event_attendance with (security_invoker = true) as
  select o.group_id, o.key, count(*) filter (where a.standing = 'in')::int as going,
    count(*) filter (where a.answer = 'maybe')::int as maybe, count(*) filter (where a.answer = 'no')::int as no,
    count(*) filter (where a.standing in ('waiting', 'offered'))::int as waiting,
    coalesce(sum(1 + a.guests) filter (where a.standing in ('in', 'offered')), 0)::int as taken
  from occurrences o join events e on e.group_id = o.group_id and e.listed
  left join answers a on a.group_id = o.group_id and a.key = o.key group by o.group_id, o.key;

-- --- row by row, as in 0026 ---------------------------------------------------------------------------------------

-- Whose events show all their answers to whoever asks.
create function _fence_managed() returns bigint[]
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select array(select r.group_id from readers r join events e on e.group_id = r.group_id
    where r.user_id = _fence_asker() and r.manages) $$;

-- --- for a gateway that joins its own condition to each query: what belongs to the reader of this name -------------
-- They are not views of somebody who asks: they belong to clubroom_writer (fences.sql), and only `clubroom_gateway` may
-- read them. A name that begins with _gateway_ is granted to that role alone.

create function _gateway_manages(who bigint, g bigint) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select coalesce((select manages from readers where user_id = who and group_id = g), false) $$;

-- The view `readers` would ask as the gateway, also from within another view.
create function _gateway_reads(who bigint) returns table(group_id bigint, first_seq bigint)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select r.group_id, r.first_seq from readers r where r.user_id = who $$;

create view who_reads as
  select u.sub as reader, u.id as user_id, r.group_id, r.first_seq
  from users u cross join lateral _gateway_reads(u.id) r where u.gone_at is null;

create view who_reads_messages as
  select w.reader, m.id as message_id from who_reads w join messages m on m.group_id = w.group_id and m.seq >= w.first_seq;

create view who_reads_actions as
  select w.reader, a.group_id, a.seq from who_reads w join actions a on a.group_id = w.group_id and a.seq >= w.first_seq;

create view who_reads_labels as
  select w.reader, l.id as label_id from who_reads w join labels l on l.group_id = w.group_id;

-- Whoever is named in a group that one may read, those who left it too.
create view who_meets as
  select w.reader, m.user_id from who_reads w join memberships m on m.group_id = w.group_id;

create view who_reads_answers as
  select w.reader, a.group_id, a.key, a.user_id from who_reads w
  join answers a on a.group_id = w.group_id join events e on e.group_id = a.group_id
  where e.listed or a.user_id = w.user_id or _gateway_manages(w.user_id, w.group_id);
