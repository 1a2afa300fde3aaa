-- Who is told of a message, and how it went. The commit of a message writes one row, its notice. A job of every server
-- takes what is due (SKIP LOCKED) and decides for each reader: whoever is nowhere here is decided at once, whoever is
-- here a little later, by what their devices have shown by then. What is decided is kept for a week, to be explained.
--
--   notices  what is not decided yet          pushes  one row for each device that is to be told
--   tellings why, of whoever was not pushed   looking which room people have before their eyes, and how far it is

create table push_targets(
  session uuid primary key references sessions on delete cascade,  -- the signed-in device
  user_id bigint not null references users,
  kind text not null check (kind in ('web', 'apns', 'fcm')),
  address text not null unique check (length(address) between 1 and 1000),
  p256dh text not null check (length(p256dh) <= 200),              -- the browser's keys; empty for others
  auth text not null check (length(auth) <= 100),
  made_at timestamptz not null,
  fails int not null default 0,              -- times in a row that it was not reached
  rests_until timestamptz);                  -- … and nothing goes there before
create index push_targets_of_user on push_targets(user_id);

create table notices(
  group_id bigint not null,
  seq bigint not null,
  at timestamptz not null,
  due_at timestamptz not null,
  waited boolean not null default false,     -- for whoever was here
  primary key (group_id, seq)) with (fillfactor = 70);
create index notices_due on notices(due_at);

create table tellings(
  group_id bigint not null,
  seq bigint not null,
  at timestamptz not null,
  people bigint[] not null,
  outcomes "char"[] not null,                -- for each of them, see _outcome
  primary key (group_id, seq));
create index tellings_at on tellings(at);

create table pushes(
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('message', 'read', 'test')),
  session uuid not null,
  user_id bigint not null,
  group_id bigint not null,                  -- 0 = of no group
  seq bigint not null,                       -- the message; or how far it is read
  made_at timestamptz not null,
  due_at timestamptz not null,
  tries int not null default 0,
  done_at timestamptz,
  outcome text check (outcome in ('pushed', 'collapsed', 'withdrawn', 'read', 'unwanted', 'gone', 'failed')),
  failed text,                               -- why it did not go out the last time, a word of ours
  standing boolean not null default false    -- on the device, as far as is known
  ) with (fillfactor = 70);
create unique index pushes_once on pushes(group_id, seq, session) where kind = 'message';
create unique index pushes_read_once on pushes(session, group_id) where kind = 'read' and done_at is null;
create index pushes_due on pushes(due_at) where done_at is null;
create index pushes_waiting on pushes(session, group_id, seq) where done_at is null;
create index pushes_standing on pushes(user_id, group_id, seq) where standing;
create index pushes_done on pushes(done_at) where done_at is not null;

-- What a crash forgets is told again within a second; till then somebody may be pushed who looks.
create unlogged table looking(
  server text not null,
  group_id bigint not null,
  people bigint[] not null,
  seqs bigint[] not null,
  told_at timestamptz not null,
  primary key (server, group_id)) with (fillfactor = 50);
create index looking_at on looking(group_id);

-- A signed-in device that can be told: one that is used, as my_sessions has it.
create view reached with (security_invoker = true) as
  select t.session, t.user_id, t.kind, t.address, t.p256dh, t.auth, t.fails
  from push_targets t join sessions s on s.id = t.session
  where s.ended_at is null and s.used_at > now() - interval '180 days';

-- --- one notice in the commit of each message ----------------------------------------------------------------

-- What is brought in from elsewhere with its old times tells nobody.
create function _notice() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  insert into notices(group_id, seq, at, due_at)
    select group_id, seq, sent_at, sent_at from posted where sent_at > clock_timestamp() - interval '1 hour';
  return null;
end $$;
create trigger notice after insert on messages
  referencing new table as posted for each statement execute function _notice();

-- --- the decision ---------------------------------------------------------------------------------------------

create function _outcome(letter "char") returns text
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select case letter when 'r' then 'read' when 's' then 'shown' when 'b' then 'blocked' when 'l' then 'level'
    when 'f' then 'unfollowed' when 'm' then 'muted' when 'q' then 'quiet' when 'y' then 'waits' when 'e' then 'mailed'
    when 'g' then 'gone' when 'x' then 'failed' else 'none' end $$;

-- What has become of a message for these people is something else now.
create function _told_anew(g bigint, at_seq bigint, whom bigint[], letter "char") returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  update tellings t set outcomes = array(
      select case when one.id = any(whom) then letter else one.outcome end
      from unnest(t.people, t.outcomes) with ordinality as one(id, outcome, place) order by one.place)
    where t.group_id = g and t.seq = at_seq $$;

-- Whom the messages at these places call: everybody (0), a person, each who carries a label, and whose message is
-- answered.
create function _called_by(gs bigint[], seqs bigint[]) returns table(group_id bigint, seq bigint, user_id bigint)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with mentioned as materialized (
    select c.group_id, c.seq, c.user_id from unnest(gs, seqs) as place(g, at_seq)
      join mentions c on c.group_id = g and c.seq = at_seq)
  select * from mentioned where user_id >= 0
  union
  select c.group_id, c.seq, ml.user_id from mentioned c join member_labels ml on ml.label_id = -c.user_id where c.user_id < 0
  union
  select m.group_id, m.seq, answered.author from unnest(gs, seqs) as place(g, at_seq)
    join messages m on m.group_id = g and m.seq = at_seq
    join messages answered on answered.id = m.reply_to $$;

-- How far a room has come on devices that show it: what sockets here told (looking), and those held elsewhere keep.
create function _shown_to(gs bigint[], people bigint[]) returns table(group_id bigint, user_id bigint, seq bigint)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select one.group_id, one.user_id, max(one.seq) from (
    select l.group_id, u.user_id, u.seq from looking l cross join unnest(l.people, l.seqs) u(user_id, seq)
      where l.group_id = any(gs)
    union all
    select g, c.user_id, coalesce((said.state #>> array['got', g::text])::bigint, 0)
      from connections c cross join lateral (select convert_from(c.state, 'UTF8')::jsonb) said(state)
      join unnest(gs) g on said.state -> 'watching' @> to_jsonb(g)
      where c.user_id = any(people)) one
  group by one.group_id, one.user_id $$;

-- Everybody with a socket that is held elsewhere, and that was heard within its lease of ten minutes.
create function _connected(people bigint[], moment timestamptz) returns setof bigint
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select distinct c.user_id from connections c join sessions s on s.id = c.session and s.ended_at is null
  where c.user_id = any(people) and (convert_from(c.state, 'UTF8')::jsonb ->> 'heard_at')::float8
    > extract(epoch from moment) - 600 $$;

-- Who reads these groups now, since when, and whether the group is in their list.
create function _readers_of(gs bigint[])
returns table(group_id bigint, user_id bigint, inherits boolean, since_seq bigint, opened_at timestamptz, followed boolean)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select g.id, ms.user_id, g.members_of <> g.id, ms.since_seq, ms.opened_at,
    g.members_of = g.id or coalesce(f.is_on, g.landing)
  from groups g join memberships ms on ms.group_id = g.members_of and ms.to_seq is null
  left join follows f on f.group_id = g.id and f.user_id = ms.user_id
  where g.id = any(gs) and g.kind <> 'self' and g.deleted_at is null and g.suspended_at is null $$;

-- What is wished for by whoever reads these groups now.
create function _wishing(gs bigint[], moment timestamptz)
returns table(group_id bigint, user_id bigint, inherits boolean, since_seq bigint, opened_at timestamptz,
  followed boolean, level text, muted boolean, quiet boolean)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with reader as materialized (select * from _readers_of(gs)),
  asked as (select group_id, array_agg(user_id) as people from reader group by group_id)
  select r.*, w.level, w.muted, w.quiet from asked
  cross join lateral _notification_wishes(asked.group_id, asked.people, moment) w
  join reader r on r.group_id = asked.group_id and r.user_id = w.user_id $$;

-- Decides these notices for every reader who is not decided yet. `p` = to be pushed, `w` = here: wait.
create function _judged(taken notices[], here bigint[], moment timestamptz)
returns table(group_id bigint, seq bigint, at timestamptz, user_id bigint, outcome "char", connected boolean)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with notice as materialized (
    select n.group_id, n.seq, n.at, n.waited, m.author, g.kind = 'dm' as is_dm
    from unnest(taken) n join messages m on m.group_id = n.group_id and m.seq = n.seq and m.deleted_at is null
    join groups g on g.id = n.group_id),
  reader as materialized (select * from _wishing(array(select distinct group_id from notice), moment)),
  everyone as materialized (select array(select distinct user_id from reader) as people),
  connected as materialized (select c as user_id from everyone, _connected(everyone.people, moment) c),
  present as materialized (  -- who does not want to be seen is not named by the store of who is here
    select unnest(here) as user_id union select user_id from connected
    union select unnest(l.people) from looking l where l.group_id in (select group_id from notice)),
  reachable as materialized (select distinct t.user_id from reached t
    where t.user_id = any((select people from everyone)::bigint[])),
  called as materialized (
    select c.* from (select array_agg(group_id) as gs, array_agg(seq) as seqs from notice) said, _called_by(gs, seqs) c),
  shown as materialized (select s.* from everyone,
    _shown_to(array(select distinct group_id from notice where waited), everyone.people) s),
  decided as materialized (
    select t.group_id, t.seq, unnest(t.people) as user_id
      from tellings t join notice n on n.group_id = t.group_id and n.seq = t.seq and n.waited
    union select p.group_id, p.seq, p.user_id
      from pushes p join notice n on n.group_id = p.group_id and n.seq = p.seq and n.waited where p.kind = 'message'),
  fact as (
    select n.group_id, n.seq, n.at, r.user_id, n.waited, r.level, r.muted, r.quiet, r.followed,
      coalesce(p.seen, 0) >= n.seq as read, b.blocked is not null as blocked,
      c.user_id is not null or a.user_id is not null as called, n.is_dm,
      h.user_id is not null as here, coalesce(s.seq, 0) >= n.seq as shown,
      t.user_id is not null as reachable, k.user_id is not null as connected
    from notice n
    join reader r on r.group_id = n.group_id and r.user_id <> n.author
      and case when r.inherits then r.opened_at <= n.at else r.since_seq <= n.seq end
    left join read_pointers p on p.group_id = n.group_id and p.user_id = r.user_id
    left join person_blocks b on b.user_id = r.user_id and b.blocked = n.author
    left join called c on c.group_id = n.group_id and c.seq = n.seq and c.user_id = r.user_id
    left join called a on a.group_id = n.group_id and a.seq = n.seq and a.user_id = 0
    left join present h on h.user_id = r.user_id
    left join connected k on k.user_id = r.user_id
    left join shown s on s.group_id = n.group_id and s.user_id = r.user_id
    left join reachable t on t.user_id = r.user_id
    where (n.group_id, n.seq, r.user_id) not in (select * from decided))  -- hashed, however few the planner expects
  select group_id, seq, at, user_id, (case
      when read then 'r'
      when blocked then 'b'
      when level = 'nothing' then 'l'
      when not called and not is_dm and not followed then 'f'
      when not called and level = 'mentions' then 'l'
      when not called and muted then 'm'
      when quiet then 'q'
      when here and not waited then 'w'
      when shown and waited then 's'
      when reachable then 'p'
      else 'n' end)::"char", connected
  from fact $$;

-- Decides up to `n` notices that are due; how many there were. `here`: everybody with a live lease, who is decided
-- `wait_seconds` after the message (`remote_wait_seconds` where their sockets are held elsewhere). Announcements go by
-- mail to whoever no device tells.
create function decide_notices(
  here bigint[], n int, wait_seconds int, remote_wait_seconds int, moment timestamptz)
returns int language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); taken notices[]; unreached record;
begin
  taken := array(select x from notices x where x.due_at <= at_now order by x.due_at limit n for update skip locked);
  if cardinality(taken) = 0 then return 0; end if;
  for unreached in
  with judged as materialized (select * from _judged(taken, here, at_now)),
  pushed as (
    insert into pushes(kind, session, user_id, group_id, seq, made_at, due_at)
    select 'message', t.session, t.user_id, j.group_id, j.seq, at_now, at_now
    from judged j join reached t on t.user_id = j.user_id
    where j.outcome = 'p' order by j.group_id, j.seq, t.session on conflict do nothing),
  told as (
    insert into tellings as old (group_id, seq, at, people, outcomes)
    select group_id, seq, at, array_agg(user_id), array_agg(outcome) from judged
    where outcome not in ('p', 'w') group by group_id, seq, at order by group_id, seq
    on conflict (group_id, seq) do update
      set people = old.people || excluded.people, outcomes = old.outcomes || excluded.outcomes),
  waiting as (
    update notices x set waited = true, due_at = greatest(at_now, x.at
        + make_interval(secs => case when w.connected then remote_wait_seconds else wait_seconds end))
    from (select group_id, seq, bool_or(connected) as connected from judged where outcome = 'w' group by group_id, seq) w
    where x.group_id = w.group_id and x.seq = w.seq),
  decided as (
    delete from notices x using unnest(taken) t
    where x.group_id = t.group_id and x.seq = t.seq
      and not exists (select 1 from judged j where j.group_id = t.group_id and j.seq = t.seq and j.outcome = 'w'))
  select j.group_id, j.seq, array_agg(j.user_id) as people
    from judged j join groups g on g.id = j.group_id and g.announce where j.outcome = 'n' group by j.group_id, j.seq
  loop
    perform _told_anew(unreached.group_id, unreached.seq,
      _mail_announcement(unreached.group_id, unreached.seq, unreached.people, at_now), 'y');
  end loop;
  return cardinality(taken);
end $$;

-- What this server's sockets show now, of the groups where that is not what it told last; `people` and `seqs` hold
-- an array each as text, for arrays of arrays must be of one length.
create function tell_looking(server_id text, gs bigint[], people text[], seqs text[]) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  delete from looking where told_at < clock_timestamp() - interval '1 hour';
  insert into looking(server, group_id, people, seqs, told_at)
    select server_id, g, p::bigint[], s::bigint[], clock_timestamp() from unnest(gs, people, seqs) as x(g, p, s) order by g
    on conflict (server, group_id) do update
      set people = excluded.people, seqs = excluded.seqs, told_at = excluded.told_at;
end $$;
