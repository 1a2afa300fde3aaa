-- The log, and what is projected from it. docs/protocol.md, "One log per group", gives the rules L1 to L10.
-- Every function is SECURITY DEFINER and belongs to the writer; fences.sql sees to owners, grants and row-level
-- security after each migration, so that no migration can forget them. A name that begins with _ is not granted.

create table installation(
  only_one boolean primary key default true check (only_one),
  epoch text not null,                       -- new at every restore (L6)
  created_at timestamptz not null default now());
insert into installation(epoch) values (replace(gen_random_uuid()::text, '-', ''));

create table users(
  id bigint generated always as identity primary key,
  sub text not null unique check (length(sub) between 1 and 255),   -- the user id as every edge knows it
  name text not null check (length(name) between 1 and 60),
  created_at timestamptz not null default now());

create table groups(
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('club', 'admins', 'self')),
  parent bigint references groups,
  name text not null check (length(name) between 1 and 60),
  head bigint not null default 0,            -- the seq of the newest action (L1)
  floor bigint not null default 0,           -- actions up to here were trimmed
  created_at timestamptz not null default now()) with (fillfactor = 50);
create index groups_below on groups(parent) where parent is not null;

-- A membership is what a person may read: from_seq up to to_seq, open while to_seq is null (L5).
create table memberships(
  id bigint generated always as identity primary key,
  group_id bigint not null references groups,
  user_id bigint not null references users,
  role text not null check (role in ('owner', 'admin', 'member')),
  since_seq bigint not null,                 -- the action that opened it
  from_seq bigint not null default 1,        -- the first action it may read
  to_seq bigint check (to_seq >= since_seq), -- the action that closed it
  may_post boolean not null default true);
create unique index memberships_open on memberships(group_id, user_id) include (from_seq, may_post) where to_seq is null;
create index memberships_of_user on memberships(user_id) where to_seq is null;
create index memberships_ever on memberships(group_id, user_id);

-- No foreign keys here: post_messages checks both, and they cost a third of the throughput.
create table messages(
  id uuid primary key,                       -- named by the client (L8)
  group_id bigint not null,
  seq bigint not null,
  author bigint not null,
  sent_at timestamptz not null,
  text text,
  sent_mac bytea,                            -- HMAC of the first body, for retries; null after deletion
  unique (group_id, seq));

create table actions(
  group_id bigint not null,
  seq bigint not null,
  at timestamptz not null,
  target uuid,
  joined bigint,                             -- the user whom this action lets in, or
  cut bigint,                                -- the one whom it removes: live delivery obeys these
  body bytea not null,                       -- JSON without its place; sent byte for byte
  primary key (group_id, seq));
create index actions_target on actions(target) where target is not null;  -- finds the bytes to erase (L4)

create table read_pointers(
  user_id bigint not null,
  group_id bigint not null,
  seq bigint not null,
  moved_at timestamptz not null,
  primary key (user_id, group_id)) with (fillfactor = 50);
create index read_pointers_of_group on read_pointers(group_id);

create type logged as (group_id bigint, seq bigint, at timestamptz, body bytea, joined bigint, cut bigint);
create type outcome as (result jsonb, log logged[]);
create type posted as (ord int, code text, seq bigint, at timestamptz);
create type shown_message as (id uuid, group_id bigint, seq bigint, author text, text text, sent_at timestamptz);

-- A refusal: message = a code of errors.py; the transaction is rolled back.
create function _fail(code text, detail text default '') returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  raise exception using errcode = 'CLUB1', message = code, detail = detail;
end $$;

create function _rfc3339(t timestamptz) returns text
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select to_char(t at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;

-- Locks groups in one order (L3). A statement of its own: whatever is judged after it sees every commit that
-- came before the lock (L10).
create function _lock(gs bigint[]) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  perform 1 from groups where id = any(gs) order by id for no key update;
end $$;

-- One action into the log of a group that is locked already.
create function _append(g bigint, target uuid, body json, joined bigint default null, cut bigint default null)
returns logged language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare entry logged;
begin
  update groups set head = head + 1 where id = g returning head into entry.seq;
  if entry.seq is null then perform _fail('not_found'); end if;
  entry.group_id := g; entry.at := clock_timestamp(); entry.body := convert_to(body::text, 'UTF8');
  entry.joined := joined; entry.cut := cut;
  insert into actions(group_id, seq, at, target, joined, cut, body)
    values (g, entry.seq, entry.at, target, joined, cut, entry.body);
  return entry;
end $$;

-- The first seq that this person may read; outside the group it does not exist.
create function _reading(who bigint, g bigint) returns bigint
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare first_seq bigint;
begin
  select greatest(m.from_seq, gr.floor + 1) into first_seq
    from memberships m join groups gr on gr.id = m.group_id
    where m.group_id = g and m.user_id = who and m.to_seq is null;
  if first_seq is null then perform _fail('not_found'); end if;
  return first_seq;
end $$;

-- The write path: one batch, one transaction; answers a row for each asked, in their order. Codes: ok, duplicate,
-- repeat (the same id twice in this batch: ask again), not_found, forbidden, id_conflict.
create function post_messages(ids uuid[], gs bigint[], authors bigint[], texts text[], macs bytea[], bodies bytea[])
returns setof posted language plpgsql security definer set search_path = clubroom, pg_temp as $$
#variable_conflict use_column
declare now_at timestamptz;
begin
  -- Two statements: judged in one with the lock, membership would come from a snapshot older than the lock (L10).
  perform 1 from groups where id = any(gs) order by id for no key update;
  now_at := clock_timestamp();
  return query
  with asked as materialized (
    select * from unnest(ids, gs, authors, texts, macs, bodies) with ordinality as a(id, g, author, text, mac, body, ord)),
  judged as materialized (
    select a.*, m.seq as old_seq, m.sent_at as old_at,
      case when ms.may_post is null then 'not_found'
           when m.id is not null and (m.author <> a.author or m.group_id <> a.g
                or coalesce(m.sent_mac <> a.mac, false)) then 'id_conflict'
           when m.id is not null then 'duplicate'
           when not ms.may_post then 'forbidden'
           when row_number() over (partition by a.id order by a.ord) > 1 then 'repeat'
           else 'ok' end as code
    from asked a
    left join memberships ms on ms.group_id = a.g and ms.user_id = a.author and ms.to_seq is null
    left join messages m on m.id = a.id),
  counted as (select g, count(*) as n from judged where code = 'ok' group by g),
  moved as (update groups set head = head + c.n from counted c where id = c.g returning id, head - c.n as base),
  placed as materialized (
    select j.*, v.base + row_number() over (partition by j.g order by j.ord) as seq
    from judged j join moved v on v.id = j.g where j.code = 'ok'),
  wrote as (insert into messages(id, group_id, seq, author, sent_at, text, sent_mac)
    select id, g, seq, author, now_at, text, mac from placed order by id),
  logged as (insert into actions(group_id, seq, at, target, body)
    select g, seq, now_at, id, body from placed order by g, seq)
  select j.ord::int, j.code, coalesce(p.seq, j.old_seq), coalesce(case when p.seq is not null then now_at end, j.old_at)
  from judged j left join placed p using (ord) order by j.ord;
end $$;
