-- What a club needs that runs itself: labels on its members, how much newcomers read, what its owner decides, and a
-- record of what was done. Here is what all of that stands on; the commands come in the migrations after it.

alter table groups
  -- of a club:
  add time_zone text check (length(time_zone) between 1 and 60),
  add language text check (length(language) between 2 and 20),   -- null: everybody's own
  add sign text check (length(sign) between 1 and 16),           -- stands for a picture: letters or an emoji
  add colour smallint not null default 0 check (colour between 0 and 11),
  add history text not null default 'all' check (history in ('all', 'month', 'none')),  -- what newcomers read of it
  add joining_paused boolean not null default false,
  add members_invite boolean not null default false,             -- members see the code, too
  add deleted_at timestamptz,
  -- of a club and all its rooms:
  add suspended_at timestamptz;                                  -- by the host: read, and nothing more

-- For whoever may not read all of a club: the first that they read of each room that inherits from it and was there
-- when they came, {group: seq}; rooms that were made later they read from the beginning.
alter table memberships add below_from jsonb;
-- Which code let them in.
alter table memberships add came_by bigint references join_codes;

-- Nobody has signed in as them yet: a name (and an address) that admins act for.
alter table users add managed boolean not null default false;
-- The account was deleted: what is left is that they were here.
alter table users add gone_at timestamptz;

create table labels(
  id bigint generated always as identity primary key,
  key uuid not null unique,                  -- named by the client (L8)
  group_id bigint not null references groups,
  name text not null check (length(name) between 1 and 60));
create unique index labels_by_name on labels(group_id, lower(name));

create table member_labels(
  user_id bigint not null references users,
  label_id bigint not null references labels on delete cascade,
  primary key (user_id, label_id));
create index member_labels_of on member_labels(label_id);

-- What was done in a club by those who may: never what somebody said.
create table audit(
  id bigint generated always as identity primary key,
  group_id bigint not null references groups,
  at timestamptz not null default clock_timestamp(),
  by_user bigint not null references users,
  what text not null check (length(what) between 1 and 60),
  about_user bigint references users,
  about_group bigint references groups,
  details jsonb not null default '{}');
create index audit_of_group on audit(group_id, id);

create function _append_only() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  if tg_op = 'DELETE' and (select deleted_at from groups where id = old.group_id) is not null then return old; end if;
  raise exception 'The record of a club is only added to.';
end $$;
create trigger append_only before update or delete on audit for each row execute function _append_only();

create function _audit(
  club bigint, by bigint, what text, about_user bigint default null, about_group bigint default null,
  details jsonb default '{}')
returns void language sql security definer set search_path = clubroom, pg_temp as $$
  insert into audit(group_id, by_user, what, about_user, about_group, details)
    values (club, by, what, about_user, about_group, details) $$;

-- The club that a group belongs to, if any: itself, or the one it lies below.
create function _club_of(g bigint) returns bigint
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with recursive above as (
    select id, kind, parent from groups where id = g
    union all select p.id, p.kind, p.parent from groups p join above a on p.id = a.parent)
  select id from above where kind = 'club' $$;

create function _admins_of(club bigint) returns bigint
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select id from groups where parent = club and kind = 'admins' $$;

-- --- reading --------------------------------------------------------------------------------------------------

create or replace view readers with (security_invoker = true) as
  select m.user_id, g.id as group_id, m.role, m.opened_at, m.since_seq,
    g.members_of <> g.id as inherits,
    greatest(g.floor + 1, case
      when m.from_seq = 1 then 1
      when g.members_of = g.id then m.from_seq
      else coalesce((m.below_from ->> g.id::text)::bigint, 1)
    end) as first_seq,
    _manages(g, m.user_id, m.role) as manages,
    m.may_post and g.archived_at is null and g.suspended_at is null
      and (not g.announce or _manages(g, m.user_id, m.role))
      and case when g.kind = 'dm' then _may_write_dm(m.user_id, g.id) else true end as may_post
  from groups g join memberships m on m.group_id = g.members_of where m.to_seq is null;

create or replace function _standing(m messages) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  if m.deleted_at is not null then perform _fail('not_found'); end if;
  if exists (select 1 from groups where id = m.group_id and (archived_at is not null or suspended_at is not null)) then
    perform _fail('forbidden');
  end if;
end $$;

-- The first action of a group that is not older than `since`; one beyond the head if there is none. Times in a log only
-- grow, for its group was locked, so that twenty looks do, where a scan would read all that was ever said.
create function _first_since(g bigint, since timestamptz) returns bigint
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare low bigint; high bigint; middle bigint;
begin
  select floor + 1, head + 1 into low, high from groups where id = g;
  while low < high loop
    middle := (low + high) / 2;
    if (select at from actions where group_id = g and seq = middle) >= since then high := middle;
    else low := middle + 1; end if;
  end loop;
  return low;
end $$;

-- From where a club lets newcomers read, and each room that inherits from it. Null = since they came, null = from
-- the beginning.
create function _history_of(club bigint, out opened_from bigint, out below_from jsonb)
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare how text := (select history from groups where id = club); since timestamptz;
begin
  if how = 'all' then
    opened_from := 1;
    return;
  end if;
  since := clock_timestamp() - case how when 'month' then interval '30 days' else interval '0' end;
  if how = 'month' then opened_from := _first_since(club, since); end if;
  select coalesce(jsonb_object_agg(g.id, case how when 'month' then _first_since(g.id, since) else g.head + 1 end), '{}')
    into below_from from groups g where g.members_of = club and g.id <> club;
end $$;

-- `by` = whoever added them; `opened_from` = the first that they read, null = nothing that was said before, and
-- `below_from` the same of what inherits; `code` = which one let them in.
drop function _enter(bigint, bigint, text, bigint, bigint);
create function _enter(
  g bigint, who bigint, as_role text, by bigint default null, opened_from bigint default 1,
  below_from jsonb default null, code bigint default null)
returns logged[] language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare gr groups; person users; joined logged; told logged;
begin
  select * into gr from groups where id = g;
  select * into person from users where id = who;
  joined := _append(g, null, json_strip_nulls(json_build_object('type', 'member_joined', 'user', person.sub,
    'name', person.name, 'role', as_role, 'by', _sub(by),
    'managed', case when person.managed then true end)), joined => who);
  insert into memberships(group_id, user_id, role, since_seq, from_seq, opened_at, below_from, came_by)
    values (g, who, as_role, joined.seq, coalesce(opened_from, joined.seq), joined.at, _enter.below_from, code);
  told := _append(_self_group(who), null, json_strip_nulls(json_build_object(
    'type', 'added_to_group', 'group', g, 'kind', gr.kind, 'name', gr.name, 'parent', gr.parent)));
  return array[joined, told];
end $$;

-- Into a club, as much of it as its newcomers read.
create function _enter_club(club bigint, who bigint, as_role text, by bigint default null, code bigint default null)
returns logged[] language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare past record;
begin
  select * into past from _history_of(club);
  return _enter(club, who, as_role, by, past.opened_from, past.below_from, code);
end $$;

-- Everybody whom the log names, by their latest membership. Whoever has left carries no labels.
create or replace function _members(g bigint) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with latest as (
    select distinct on (user_id) * from memberships where group_id = g order by user_id, since_seq desc),
  labelled as (
    select ml.user_id, jsonb_agg(l.key order by l.key) as keys
    from labels l join member_labels ml on ml.label_id = l.id where l.group_id = g group by ml.user_id)
  select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('user', u.sub, 'name', u.name, 'role', m.role,
           'left', m.to_seq is not null, 'labels', lb.keys,
           'managed', case when u.managed then true end, 'gone', case when u.gone_at is not null then true end))
         order by u.sub), '[]')
  from latest m join users u on u.id = m.user_id
  left join labelled lb on lb.user_id = m.user_id and m.to_seq is null $$;

-- What a group is like, as both the snapshot and the list of one's own groups tell it.
create function _group_json(g groups) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object('group', g.id, 'kind', g.kind, 'name', g.name, 'parent', g.parent,
    'private', g.members_of = g.id, 'description', g.description, 'announce', g.announce, 'landing', g.landing,
    'archived', g.archived_at is not null, 'rooms_by_admins', g.rooms_by_admins, 'dms_off', g.dms_off,
    'time_zone', g.time_zone, 'language', g.language, 'sign', g.sign, 'colour', g.colour, 'history', g.history,
    'joining_paused', g.joining_paused, 'members_invite', g.members_invite,
    'suspended', g.suspended_at is not null) $$;

create or replace function snapshot(who bigint, g bigint, since bigint, n int) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare first_seq bigint := _reading(who, g); messages jsonb; window_seq bigint;
begin
  with newest as (
    select m.seq, _shown(m) as shown from messages m
    where m.group_id = g and m.seq >= first_seq and m.seq > since order by m.seq desc limit n)
  select coalesce(jsonb_agg(shown order by seq), '[]'),
         -- fewer than asked for: complete from the first readable action on
         case when count(*) < n then greatest(first_seq, since + 1) else min(seq) end
    into messages, window_seq from newest;
  return (
    select _group_json(gr) || jsonb_build_object('epoch', installation_epoch(), 'seq', gr.head,
      'members', _members(g), 'messages', messages, 'window', window_seq,
      'labels', (select coalesce(jsonb_agg(jsonb_build_object('label', l.key, 'name', l.name) order by l.key), '[]')
        from labels l where l.group_id = g),
      -- also what one may not read: ids say nothing, and the log goes on from all of them
      'pinned', (select coalesce(jsonb_agg(p.message_id order by p.seq), '[]') from pins p where p.group_id = g))
    from groups gr where gr.id = g);
end $$;

-- As in 0009, and labels that this person carries call them, too.
create or replace function my_groups(who bigint, most int default 100) returns setof jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with called as (
    select array[who, 0] || array(select -label_id from member_labels where user_id = who) as by)
  select _group_json(g) || jsonb_build_object(
    'role', r.role, 'head', g.head, 'read', coalesce(p.seq, 0),
    'unread', (select count(*) from (
       select * from messages x where x.group_id = g.id and x.seq >= fresh.first_seq order by x.seq desc limit most) x
       where x.author <> who and x.deleted_at is null and (not r.inherits or x.sent_at >= r.opened_at)),
    'mentions', (select least(count(distinct x.seq), most) from called, unnest(called.by) as c(called)
       cross join lateral (
         select n.seq from mentions n where n.group_id = g.id and n.user_id = c.called and n.seq >= fresh.first_seq
           order by n.seq desc limit most) n
       join messages x on x.group_id = g.id and x.seq = n.seq
       where x.author <> who and (not r.inherits or x.sent_at >= r.opened_at)),
    'manages', r.manages, 'may_post', r.may_post,
    'followed', case when r.inherits then _follows(who, g.id) else true end,
    'people', coalesce((
       select jsonb_agg(jsonb_build_object('user', u.sub, 'name', u.name) order by u.sub)
       from dms d join users u on u.id = any(d.people) where d.group_id = g.id and u.id <> who), '[]'))
  from readers r join groups g on g.id = r.group_id
  left join read_pointers p on p.user_id = who and p.group_id = g.id
  cross join lateral (select greatest(coalesce(p.seq, 0) + 1, r.first_seq, case
      when not r.inherits then r.since_seq
      when (select x.sent_at from messages x where x.group_id = g.id order by x.seq desc limit 1) >= r.opened_at then 1
      else g.head + 1 end) as first_seq) fresh
  where r.user_id = who order by g.id $$;

-- --- writing --------------------------------------------------------------------------------------------------

-- What a row of `mentions` was called by: the list that a message comes with says the same.
create function _called_as(called bigint) returns text
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select case when called = 0 then '*'
    when called < 0 then (select 'label:' || key from labels where id = -called)
    else _sub(called) end $$;

-- The key of the label that an entry of such a list names, if it names one.
create function _label_key(called text) returns uuid
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select case when called ~ '^label:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then substr(called, 7)::uuid end $$;

-- Whether `who`, who may do no more than others, may call everybody whom this list names: a label only its own do.
create function _may_call(who bigint, called text) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select not exists (
    select 1 from jsonb_array_elements_text(called::jsonb) as c(by)
    where c.by = '*' or c.by like 'label:%' and not exists (
      select 1 from labels l join member_labels ml on ml.label_id = l.id and ml.user_id = who
      where l.key = _label_key(c.by))) $$;

-- As in 0009, and: `called` may name labels of the club ("label:<key>"), and in a suspended club nobody writes.
create or replace function post_messages(
  ids uuid[], gs bigint[], authors bigint[], texts text[], macs bytea[], bodies bytea[], replies uuid[], called text[])
returns setof posted language plpgsql security definer set search_path = clubroom, pg_temp as $$
#variable_conflict use_column
declare now_at timestamptz;
begin
  -- Two statements: judged in one with the lock, membership would come from a snapshot older than the lock (L10).
  perform 1 from groups where id = any(gs) order by id for no key update;
  now_at := clock_timestamp();
  return query
  with asked as materialized (
    select * from unnest(ids, gs, authors, texts, macs, bodies, replies, called)
      with ordinality as a(id, g, author, text, mac, body, reply, called, ord)),
  judged as materialized (
    select a.*, m.seq as old_seq, m.sent_at as old_at,
      case when ms.may_post is null then 'not_found'
           when m.id is not null and (m.author <> a.author or m.group_id <> a.g
                or coalesce(m.sent_mac <> a.mac, false)) then 'id_conflict'
           when m.id is not null then 'duplicate'
           when not ms.may_post or gr.archived_at is not null or gr.suspended_at is not null
             or gr.announce and not _manages(gr, a.author, ms.role) then 'forbidden'
           when gr.kind = 'dm' and not _may_write_dm(a.author, a.g) then 'forbidden'
           when a.called is not null and gr.kind <> 'dm' and not _manages(gr, a.author, ms.role)
             and not _may_call(a.author, a.called) then 'forbidden'
           when a.reply is not null and not exists (
             select 1 from messages r where r.id = a.reply and r.group_id = a.g) then 'invalid_field'
           when row_number() over (partition by a.id order by a.ord) > 1 then 'repeat'
           else 'ok' end as code
    from asked a
    left join groups gr on gr.id = a.g
    left join memberships ms on ms.group_id = gr.members_of and ms.user_id = a.author and ms.to_seq is null
    left join messages m on m.id = a.id),
  counted as (select g, count(*) as n from judged where code = 'ok' group by g),
  moved as (update groups set head = head + c.n from counted c where id = c.g returning id, head - c.n as base),
  placed as materialized (
    select j.*, v.base + row_number() over (partition by j.g order by j.ord) as seq
    from judged j join moved v on v.id = j.g where j.code = 'ok'),
  wrote as (insert into messages(id, group_id, seq, author, sent_at, text, sent_mac, reply_to)
    select id, g, seq, author, now_at, text, mac, reply from placed order by id),
  logged as (insert into actions(group_id, seq, at, target, body)
    select g, seq, now_at, id, body from placed order by g, seq),
  noted as (insert into mentions(group_id, user_id, seq)
    select p.g, coalesce(u.id, -l.id, 0), p.seq from placed p
    cross join lateral (select distinct sub from jsonb_array_elements_text(p.called::jsonb) as c(sub)) c
    left join users u on u.sub = c.sub
    left join labels l on l.key = _label_key(c.sub) and l.group_id = _club_of(p.g)
    where p.called is not null and (u.id is not null or l.id is not null or c.sub = '*'))
  select j.ord::int, j.code, coalesce(p.seq, j.old_seq), coalesce(case when p.seq is not null then now_at end, j.old_at)
  from judged j left join placed p using (ord) order by j.ord;
end $$;

-- Closes a club that is locked, and all below, to somebody who may go: in the order of each log, and with their labels.
create function _out_of_club(club bigint, target bigint, by bigint, below bigint[]) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare g bigint; log logged[] := '{}';
begin
  foreach g in array array(
      select group_id from readers where user_id = target and group_id = any(below || club) order by group_id) loop
    log := log || _close(g, target, by);
  end loop;
  delete from follows where user_id = target and group_id = any(below);
  delete from member_labels ml using labels l where l.id = ml.label_id and l.group_id = club and ml.user_id = target;
  perform _audit(club, by, case when by = target then 'member_left' else 'member_removed' end, target);
  return log;
end $$;

-- As in 0008; their labels go with them.
create or replace function _remove_from_club(who bigint, club bigint, target bigint, below bigint[]) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare asker_role text := _role(who, club); target_role text := _role(target, club);
begin
  if asker_role is null or target_role is null then perform _fail('not_found'); end if;
  if (select kind from groups where id = club) <> 'club' then perform _fail('forbidden'); end if;
  if who <> target and not (asker_role = 'owner' or asker_role = 'admin' and target_role = 'member') then
    perform _fail('forbidden');
  end if;
  if target_role = 'owner' and not exists (select 1 from memberships
      where group_id = club and user_id <> target and to_seq is null and role = 'owner') then
    perform _fail('last_owner');
  end if;
  return _out_of_club(club, target, who, below);
end $$;
