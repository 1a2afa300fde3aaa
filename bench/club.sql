-- name: become_writer!
-- What row-level security opens the tables to; the superuser of the embedded cluster may become it.
set role clubroom_writer;

-- name: become_superuser!
-- Again, after `become_writer`.
reset role;

-- name: make_people
-- Signed up by the function that signs everybody up. With an address they may create clubs.
select (made.result->>'key')::bigint as key, made.result->>'user' as user,
  (made.result->>'session')::uuid as session, (made.result->'groups'->>0)::bigint as own
from generate_series(1, cast(:n as int)) number
cross join lateral create_account(
  null, gen_random_uuid()::text, 'Member ' || number, :email, :password_hash, gen_random_uuid(), '[]', '[]', null) made
order by key;

-- name: make_club$
-- Its code is never typed, so any bytes will do for its HMAC.
select (result->>'group')::bigint
from create_club(:who, gen_random_uuid(), :club_name, cast(:mac as bytea), 'none', 1000000, null);

-- name: join_club
-- Everybody at once, each by the function that lets people in.
select joined.result->>'error' as error
from unnest(cast(:people as bigint[])) person
cross join lateral join_club(person, array[cast(:mac as bytea)], '[]', '[]', 1000000, 1000000, null) joined
where joined.result ? 'error';

-- name: fill_log!
-- A past of one message in ten seconds by these authors in turn, as if they had been posted.
with room as (
  update groups set head = head + cast(:n as int) where id = :group_id returning id, head - cast(:n as int) as base),
written as (
  select number, make_interval(secs => 10 * (number - cast(:n as int))) as ago,
    (cast(:authors as bigint[]))[1 + number % cardinality(cast(:authors as bigint[]))] as author,
    'Message ' || number || '. ' || left(:filling, 10 + number % 100) as text
  from generate_series(1, cast(:n as int)) number),
made as materialized (
  select room.id as group_id, room.base + number as seq, uuidv7(ago) as id, author, sub, now() + ago as at, text
  from room, written join users on users.id = author),
stored as (
  insert into messages(id, group_id, seq, author, sent_at, text, sent_mac)
  select id, group_id, seq, author, at, text, '' from made order by seq)
insert into actions(group_id, seq, at, target, body)
select group_id, seq, at, id, convert_to(json_build_object(
  'type', 'message_posted', 'id', id, 'author', sub, 'text', text)::text, 'UTF8')
from made order by seq;

-- name: settle!
-- What was made is written down now, not in the midst of a run.
vacuum analyze;

-- name: checkpoint!
-- The same for what waits in memory.
checkpoint;

-- name: heads$
-- How far logs go, added up.
select sum(head)::bigint from groups where id = any(:groups);

-- name: epoch$
-- A token is good for one database.
select installation_epoch();
