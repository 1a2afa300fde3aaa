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
  null, gen_random_uuid()::text, 'Member ' || number, :email, :password_hash, gen_random_uuid(), '[]', '[]',
  null, null, null) made
order by key;

-- name: make_club$
-- Its code is never typed, so any bytes will do for its HMAC.
select (result->>'group')::bigint
from create_club(:who, gen_random_uuid(), :club_name, cast(:mac as bytea), 'none', 1000000, null);

-- name: join_club
-- Everybody at once, each by the function that lets people in.
select joined.result->>'error' as error
from unnest(cast(:people as bigint[])) person
cross join lateral join_club(
  person, array[cast(:mac as bytea)], null, '[]', '[]', '[]', 1000000, 1000000, 1000, 1000, null) joined
where joined.result ? 'error';

-- name: join_by_hash!
-- The planner takes thousands of phrases for a hundred, and would go through all of them for each message.
set enable_nestloop = off;

-- name: fill_log!
-- A past of one message in ten seconds by these authors in turn, as if they had been posted.
with room as (
  update groups set head = head + cast(:n as int) where id = :group_id returning id, head - cast(:n as int) as base),
phrase as materialized (select * from unnest(cast(:phrases as text[])) with ordinality as p(words, at)),
drawn as materialized (
  select number, 1 + mod(hashint8(3 * number)::bigint + 2147483648, n) as a,
    1 + mod(hashint8(3 * number + 1)::bigint + 2147483648, n) as b,
    1 + mod(hashint8(3 * number + 2)::bigint + 2147483648, n) as c
  from generate_series(1, cast(:n as int)) number, cardinality(cast(:phrases as text[])) n),
written as (
  select number, make_interval(secs => 10 * (number - cast(:n as int))) as ago,
    (cast(:authors as bigint[]))[1 + number % cardinality(cast(:authors as bigint[]))] as author,
    concat_ws(' ', a.words, b.words, c.words, case when number % 1000 = 7 then :seldom end) as text
  from drawn join phrase a on a.at = drawn.a join phrase b on b.at = drawn.b join phrase c on c.at = drawn.c),
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

-- name: search_afresh!
-- What was made has a past of its own.
select _search_afresh(:window_size);

-- name: merge_seldom!
-- While very much is filled in.
alter index message_search_tokens set (gin_pending_list_limit = 65536);

-- name: merge_as_usual!
-- Again, after `merge_seldom`.
alter index message_search_tokens set (gin_pending_list_limit = 512);

-- name: fill_search$
-- As the worker does it, which may be at it, too: true = go on.
select fill_search(20000, :window_size) = 'more'
  or exists (select from search_marks m join groups g on g.id = m.group_id where g.head > m.to_seq);

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

-- name: give_phones!
-- Each of these people has a device that sleeps, of a kind that this server reaches nobody by: so all is done but
-- the call.
insert into push_targets(session, user_id, kind, address, p256dh, auth, made_at)
select session, person, 'fcm', 'bench-' || session, '', '', now()
from unnest(cast(:sessions as uuid[]), cast(:people as bigint[])) as x(session, person);

-- name: forget_notices!
-- Nobody is told of what was said so far.
with gone as (delete from notices)
delete from pushes where done_at is null;

-- name: to_tell$
-- How much waits to be decided or sent.
select (select count(*) from notices) + (select count(*) from pushes where done_at is null);

-- name: take_phones!
-- Again, after `give_phones`.
delete from push_targets where address like 'bench-%';

-- name: say!
-- A message of somebody who has no socket.
with said as (
  select * from post_messages(array[gen_random_uuid()], array[cast(:group_id as bigint)], array[cast(:author as bigint)],
    array['who brings the boards?'], array[cast(:mac as bytea)], array[cast('{}' as bytea)],
    array[cast(null as uuid)], array[cast(null as text)]))
select count(*) from said;

-- name: put_off!
-- After `say` in the same transaction: of what was said nobody is told before this moment, so that no server decides it.
update notices set due_at = :moment where group_id = :group_id;
