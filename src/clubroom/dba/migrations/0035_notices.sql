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

-- Whom these messages call: everybody (0), a person, each who carries a label, and whose message is answered.
create function _called_by(taken notices[]) returns table(group_id bigint, seq bigint, user_id bigint)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select n.group_id, n.seq, c.user_id from unnest(taken) n
    join mentions c on c.group_id = n.group_id and c.seq = n.seq where c.user_id >= 0
  union
  select n.group_id, n.seq, ml.user_id from unnest(taken) n
    join mentions c on c.group_id = n.group_id and c.seq = n.seq
    join member_labels ml on ml.label_id = -c.user_id where c.user_id < 0
  union
  select n.group_id, n.seq, answered.author from unnest(taken) n
    join messages m on m.group_id = n.group_id and m.seq = n.seq
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
  called as materialized (select * from _called_by(taken)),
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
    left join decided d on d.group_id = n.group_id and d.seq = n.seq and d.user_id = r.user_id
    left join read_pointers p on p.group_id = n.group_id and p.user_id = r.user_id
    left join person_blocks b on b.user_id = r.user_id and b.blocked = n.author
    left join called c on c.group_id = n.group_id and c.seq = n.seq and c.user_id = r.user_id
    left join called a on a.group_id = n.group_id and a.seq = n.seq and a.user_id = 0
    left join present h on h.user_id = r.user_id
    left join connected k on k.user_id = r.user_id
    left join shown s on s.group_id = n.group_id and s.user_id = r.user_id
    left join reachable t on t.user_id = r.user_id
    where d.user_id is null)
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

-- --- sending --------------------------------------------------------------------------------------------------

-- This signed-in device is reached so from now on; whoever had the same address before is not any more.
create function set_push_target(
  who bigint, its_session uuid, as_kind text, at_address text, key text, secret text, moment timestamptz) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  perform 1 from sessions where id = its_session and user_id = who and ended_at is null for share;
  if not found then perform _fail('unauthorized'); end if;
  perform pg_advisory_xact_lock(hashtextextended(at_address, 0));
  delete from push_targets where address = at_address and session <> its_session;
  insert into push_targets(session, user_id, kind, address, p256dh, auth, made_at)
    values (its_session, who, as_kind, at_address, key, secret, coalesce(moment, clock_timestamp()))
    on conflict (session) do update set kind = excluded.kind, address = excluded.address,
      p256dh = excluded.p256dh, auth = excluded.auth, made_at = excluded.made_at;
end $$;

-- Nobody is reached there any more, says whoever should carry it there.
create function forget_push_address(gone text) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  delete from push_targets where address = gone $$;

create function drop_push_target(device uuid) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  delete from push_targets where session = device $$;

-- How this device is reached, and what became of the last push to it. `failed` = the last one did not arrive.
create function push_target_of(device uuid)
returns table(kind text, failed text, pushed_at timestamptz)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select t.kind, last.failed, (select max(p.done_at) from pushes p
      where p.session = device and p.outcome = 'pushed' and p.done_at > clock_timestamp() - interval '7 days')
  from (select device) asked left join push_targets t on t.session = device
  left join lateral (select p.failed from pushes p where p.session = device and p.outcome in ('pushed', 'failed')
    order by p.id desc limit 1) last on true $$;
create index pushes_of_device on pushes(session, id);

-- A push of no message, to see whether it arrives; false where one is on its way, or has just been.
create function push_test(who bigint, device uuid, moment timestamptz) returns boolean
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  perform 1 from push_targets where session = device and user_id = who for update;
  if not found then perform _fail('not_found'); end if;
  if exists (select 1 from pushes where session = device and kind = 'test'
      and (done_at is null or made_at > clock_timestamp() - interval '10 seconds')) then
    return false;
  end if;
  insert into pushes(kind, session, user_id, group_id, seq, made_at, due_at)
    values ('test', device, who, 0, 0, coalesce(moment, clock_timestamp()), coalesce(moment, clock_timestamp()));
  return true;
end $$;

-- Whether this message calls whom it is pushed to, as _called_by has it.
create function _calls(p pushes) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select exists (select 1 from mentions c where c.group_id = p.group_id and c.seq = p.seq
      and (c.user_id in (0, p.user_id) or exists (
        select 1 from member_labels ml where ml.label_id = -c.user_id and ml.user_id = p.user_id)))
    or exists (select 1 from messages m join messages answered on answered.id = m.reply_to
      where m.group_id = p.group_id and m.seq = p.seq and answered.author = p.user_id) $$;

-- A push that has waited meets their wishes once more: quiet hours have begun, or they have muted or blocked.
create function _still_wanted(p pushes, moment timestamptz) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select not exists (select 1 from _notification_wishes(p.group_id, array[p.user_id], moment) w
      where w.quiet or w.level = 'nothing' or w.muted and not _calls(p))
    and not exists (select 1 from person_blocks b join messages m on m.group_id = p.group_id and m.seq = p.seq
      where b.user_id = p.user_id and b.blocked = m.author) $$;

-- Whether there is still something to say with a push that is due, judged again in the moment of sending: null = yes.
-- At the push service the last one of a topic wins, so that what is older never goes out after what is newer.
create function _needless(p pushes, good_seconds int, moment timestamptz) returns text
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select case
    when not exists (select 1 from reached t where t.session = p.session and t.user_id = p.user_id) then 'gone'
    when p.made_at < moment - make_interval(secs => good_seconds) or p.tries >= 50 then 'failed'
    when p.kind = 'test' then null
    when exists (select 1 from pushes newer
      join messages m on m.group_id = newer.group_id and m.seq = newer.seq and m.deleted_at is null
      where newer.session = p.session and newer.group_id = p.group_id and newer.kind = 'message' and newer.seq > p.seq
        and newer.done_at is null)
      or exists (select 1 from pushes newer
        where newer.user_id = p.user_id and newer.group_id = p.group_id and newer.seq > p.seq and newer.standing
          and newer.session = p.session) then 'collapsed'
    when p.kind = 'read' then null
    when not exists (select 1 from messages m join groups g on g.id = m.group_id
        and g.deleted_at is null and g.suspended_at is null
        join memberships ms on ms.group_id = g.members_of and ms.user_id = p.user_id and ms.to_seq is null
      where m.group_id = p.group_id and m.seq = p.seq and m.deleted_at is null) then 'gone'
    when exists (select 1 from read_pointers r
      where r.user_id = p.user_id and r.group_id = p.group_id and r.seen >= p.seq) then 'read'
    when p.tries > 0 and not _still_wanted(p, moment) then 'unwanted' end $$;

-- What went instead of these never arrives: the newest that gave way to it goes out after all.
create function _instead(ids bigint[], moment timestamptz) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  update pushes old set done_at = null, outcome = null, due_at = moment
  where old.id in (
    select distinct on (p.session, p.group_id) c.id
    from pushes p join pushes c on c.session = p.session and c.group_id = p.group_id and c.kind = 'message'
      and c.outcome = 'collapsed' and c.seq < p.seq and c.done_at > moment - interval '1 day'
    where p.id = any(ids) and p.kind = 'message' and p.outcome in ('gone', 'failed') and not exists (
      select 1 from pushes newer where newer.session = c.session and newer.group_id = c.group_id
        and newer.kind = 'message' and newer.seq > c.seq
        and (newer.done_at is null or newer.outcome not in ('gone', 'failed', 'collapsed')))
    order by p.session, p.group_id, c.seq desc) $$;

-- Up to `n` that are due, for `lease_seconds`; what is needless is closed here. `silent`: the same conversation rang on
-- this device a moment ago. `calls`: its person is called by it, so that the number at the app's face changes.
create function take_pushes(n int, lease_seconds int, good_seconds int, moment timestamptz)
returns table(id bigint, kind text, session uuid, target text, address text, p256dh text, auth text, language text,
  group_id bigint, seq bigint, tries int, made_at timestamptz, user_id bigint, silent boolean, calls boolean)
language plpgsql security definer set search_path = clubroom, pg_temp as $$
#variable_conflict use_column
declare at_now timestamptz := coalesce(moment, clock_timestamp()); taken bigint[];
begin
  taken := array(select p.id from pushes p where p.done_at is null and p.due_at <= at_now
    order by p.due_at limit n for update skip locked);
  if cardinality(taken) = 0 then return; end if;
  -- Whose device did not answer a moment ago waits with all that is for it, and holds up nobody else.
  update pushes p set due_at = t.rests_until from push_targets t
    where p.id = any(taken) and t.session = p.session and t.rests_until > at_now;
  taken := array(select p.id from pushes p where p.id = any(taken) and p.due_at <= at_now);
  update pushes p set outcome = judged.outcome, done_at = case when judged.outcome is not null then at_now end,
      failed = case when judged.outcome = 'failed' then coalesce(p.failed, 'late') else p.failed end,
      tries = p.tries + 1, due_at = at_now + make_interval(secs => lease_seconds)
    from (select x.id, _needless(x, good_seconds, at_now) as outcome from pushes x where x.id = any(taken)) judged
    where p.id = judged.id;
  perform _instead(taken, at_now);
  -- Whoever had taken it before was killed, perhaps after the call: what is read by now may stand there, and goes.
  update pushes p set outcome = 'withdrawn', standing = true
    where p.id = any(taken) and p.outcome = 'read' and p.tries > 1 and p.failed is null;
  perform _withdraw(array(select row(r.user_id, r.group_id, r.seq, r.moved_at, r.seen)::read_pointers
    from pushes p join read_pointers r on r.user_id = p.user_id and r.group_id = p.group_id
    where p.id = any(taken) and p.standing), at_now);
  return query
    select p.id, p.kind, p.session, t.kind, t.address, t.p256dh, t.auth, coalesce(u.language, 'en'), p.group_id, p.seq,
      p.tries, p.made_at, p.user_id, exists (select 1 from pushes before where before.session = p.session
        and before.group_id = p.group_id and before.standing and before.user_id = p.user_id
        and before.done_at > at_now - interval '30 seconds'),
      exists (select 1 from groups g where g.id = p.group_id and g.kind = 'dm') or _calls(p)
    from pushes p join reached t on t.session = p.session join users u on u.id = p.user_id
    where p.id = any(taken) and p.done_at is null and p.due_at > at_now order by p.id;  -- those that are leased
end $$;

-- What these messages say, once for all whom they are pushed to. `names`: of whom they call, and of labels.
create function pushed_messages(gs bigint[], seqs bigint[])
returns table(group_id bigint, seq bigint, message uuid, text text, sent_at timestamptz, author text, room text,
  club text, kind text, names jsonb)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select m.group_id, m.seq, m.id, m.text, m.sent_at, u.name, g.name, club.name, g.kind,
    case when position('<@' in m.text) = 0 then '{}' else
      (select coalesce(jsonb_object_agg(by, name), '{}') from (
         select _called_as(c.user_id) as by, coalesce(called.name, l.name) as name from mentions c
           left join users called on called.id = c.user_id left join labels l on l.id = -c.user_id
           where c.group_id = m.group_id and c.seq = m.seq) n where name is not null) end
  from unnest(gs, seqs) as asked(g, seq)
  join messages m on m.group_id = asked.g and m.seq = asked.seq and m.deleted_at is null
  join users u on u.id = m.author join groups g on g.id = m.group_id
  left join groups club on club.id = _club_of(g.id) $$;

-- What stands at the app's face: as the client counts it (state/unread.svelte.ts).
create function push_badge(who bigint) returns bigint
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select coalesce(sum(case
      when _level_of(who, (entry ->> 'group')::bigint) = 'nothing' then 0
      when entry ->> 'kind' <> 'dm' or _level_of(who, (entry ->> 'group')::bigint) = 'mentions'
        then (entry ->> 'mentions')::bigint
      when entry -> 'mute' = 'null' then (entry ->> 'unread')::bigint else 0 end), 0)
  from my_groups(who) entry
  where (entry ->> 'followed')::boolean and not (entry ->> 'archived')::boolean
    and (entry ->> 'unread')::bigint + (entry ->> 'mentions')::bigint > 0 $$;

-- How these went: `seqs` is what was told. What was read or deleted while it was on its way is withdrawn at once, and
-- where more was read meanwhile than a withdrawal told, it is told once more.
create function close_pushes(ids bigint[], seqs bigint[], outcomes text[], reasons text[], moment timestamptz)
returns void language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp());
begin
  perform 1 from pushes where id = any(ids) order by id for update;
  update pushes p set due_at = at_now, tries = 0
    from unnest(ids, seqs) as x(id, seq) where p.id = x.id and p.done_at is null and p.seq > x.seq;
  update pushes p set done_at = at_now, outcome = x.outcome, failed = x.reason,
      standing = x.outcome = 'pushed' and p.kind = 'message'
    from unnest(ids, seqs, outcomes, reasons) as x(id, seq, outcome, reason)
    where p.id = x.id and p.done_at is null and p.seq = x.seq;
  perform _instead(ids, at_now);
  update push_targets t set fails = case when p.outcome = 'pushed' then 0 else least(t.fails + 1, 30) end, rests_until = null
    from pushes p where p.id = any(ids) and p.session = t.session
      and (p.outcome = 'pushed' and t.fails > 0 or p.outcome = 'failed');
  update pushes old set standing = false
    from pushes p where p.id = any(ids) and p.standing and old.user_id = p.user_id and old.group_id = p.group_id
      and old.session = p.session and old.seq < p.seq and old.standing;
  update pushes old set standing = false, outcome = 'withdrawn'
    from pushes p where p.id = any(ids) and p.kind = 'read' and p.outcome = 'pushed' and old.user_id = p.user_id
      and old.group_id = p.group_id and old.session = p.session and old.seq <= p.seq and old.standing;
  perform _withdraw(array(select row(r.user_id, r.group_id, r.seq, r.moved_at, r.seen)::read_pointers
    from read_pointers r join pushes p on p.user_id = r.user_id and p.group_id = r.group_id
    where p.id = any(ids) and p.standing and r.seen >= p.seq), at_now);
  perform _take_back(array(select row(m.*)::messages from messages m
    join pushes p on p.group_id = m.group_id and p.seq = m.seq
    where p.id = any(ids) and p.standing and m.deleted_at is not null), at_now);
end $$;

-- They are tried again, and their devices are left in peace until then, the longer the more often they did not answer.
create function postpone_pushes(ids bigint[], waits float8[], reasons text[], moment timestamptz) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  update push_targets t set fails = least(t.fails + 1, 30), rests_until = coalesce(moment, clock_timestamp())
      + make_interval(secs => greatest(x.wait, least(3600, 5 * power(2, least(t.fails, 20)))))
    from (select p.session, max(x.wait) as wait from unnest(ids, waits) as x(id, wait)
      join pushes p on p.id = x.id group by p.session) x where t.session = x.session;
  update pushes p set due_at = coalesce(moment, clock_timestamp()) + make_interval(secs => x.wait), failed = x.reason
    from unnest(ids, waits, reasons) as x(id, wait, reason) where p.id = x.id and p.done_at is null $$;

-- --- read elsewhere -------------------------------------------------------------------------------------------

-- What stands on a device and is read by now is taken from it: said a second later, and once for all that is read.
create function _withdraw(moved read_pointers[], moment timestamptz) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  insert into pushes as known (kind, session, user_id, group_id, seq, made_at, due_at)
  select 'read', p.session, p.user_id, p.group_id, max(r.seen), moment, moment + interval '1 second'
    from unnest(moved) r join pushes p on p.user_id = r.user_id and p.group_id = r.group_id
      and p.standing and p.seq <= r.seen
    group by p.session, p.user_id, p.group_id order by p.session, p.group_id
  on conflict (session, group_id) where kind = 'read' and done_at is null
    do update set seq = greatest(known.seq, excluded.seq) $$;

create function _read_elsewhere() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  perform _withdraw(array(select row(m.user_id, m.group_id, m.seq, m.moved_at, m.seen)::read_pointers from moved m),
    clock_timestamp());
  return null;
end $$;
create trigger read_elsewhere_new after insert on read_pointers
  referencing new table as moved for each statement execute function _read_elsewhere();
create trigger read_elsewhere after update on read_pointers
  referencing new table as moved for each statement execute function _read_elsewhere();

-- What is deleted does not go on standing on a lock screen.
create function _take_back(gone messages[], moment timestamptz) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  insert into pushes as known (kind, session, user_id, group_id, seq, made_at, due_at)
  select 'read', p.session, p.user_id, p.group_id, max(p.seq), moment, moment
    from unnest(gone) m join pushes p on p.group_id = m.group_id and p.seq = m.seq and p.kind = 'message' and p.standing
    group by p.session, p.user_id, p.group_id order by p.session, p.group_id
  on conflict (session, group_id) where kind = 'read' and done_at is null
    do update set seq = greatest(known.seq, excluded.seq) $$;

create function _deleted_elsewhere() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  perform _take_back(array[new], clock_timestamp());
  return null;
end $$;
create trigger deleted_elsewhere after update of deleted_at on messages
  for each row when (new.deleted_at is not null and old.deleted_at is null) execute function _deleted_elsewhere();

-- --- why ------------------------------------------------------------------------------------------------------

-- What became of one message for one person, and on each of their devices. Raises not_found for what they may not read.
create function why_told(who bigint, its_session uuid, message uuid) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare m messages; devices jsonb; said text; said_at timestamptz; reader record;
begin
  select * into m from messages where id = message;
  if m.id is null or not _may_read(who, m) then perform _fail('not_found'); end if;
  select * into reader from _readers_of(array[m.group_id]) r where r.user_id = who;
  select coalesce(jsonb_agg(jsonb_build_object('here', p.session = its_session, 'name', s.device, 'kind', t.kind,
      'outcome', coalesce(p.outcome, 'waits'), 'failed', p.failed,
      'at', _rfc3339(coalesce(p.done_at, p.made_at))) order by p.id), '[]') into devices
    from pushes p
    left join push_targets t on t.session = p.session left join sessions s on s.id = p.session
    where p.group_id = m.group_id and p.seq = m.seq and p.user_id = who and p.kind = 'message';
  select _outcome(t.outcomes[array_position(t.people, who)]), t.at into said, said_at
    from tellings t where t.group_id = m.group_id and t.seq = m.seq and who = any(t.people);
  return jsonb_build_object('devices', devices, 'at', _rfc3339(said_at), 'outcome', case
    when m.author = who then 'own'
    when reader.user_id is null then 'before'
    when not (case when reader.inherits then reader.opened_at <= m.sent_at else reader.since_seq <= m.seq end) then 'before'
    when devices <> '[]' then (select outcome from (
      select d ->> 'outcome' as outcome from jsonb_array_elements(devices) d) o
      order by array_position(array['pushed', 'withdrawn', 'waits', 'collapsed', 'read', 'unwanted', 'failed', 'gone'], outcome) limit 1)
    when said is not null then said
    when exists (select 1 from notices n where n.group_id = m.group_id and n.seq = m.seq) then 'waits'
    else 'forgotten' end);
end $$;

-- --- what is forgotten ----------------------------------------------------------------------------------------

-- A piece of what is older than a week; true = there may be more. And what was read in the very moment in which it was
-- pushed, so that neither saw the other, is withdrawn.
create function forget_tellings(n int, moment timestamptz) returns boolean
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); most int := 0; gone int;
begin
  perform _withdraw(array(select row(r.user_id, r.group_id, r.seq, r.moved_at, r.seen)::read_pointers
    from pushes p join read_pointers r on r.user_id = p.user_id and r.group_id = p.group_id and r.seen >= p.seq
    where p.standing and p.done_at > at_now - interval '5 minutes'), at_now);
  delete from tellings where (group_id, seq) in (
    select group_id, seq from tellings where at < at_now - interval '7 days' order by at limit n for update skip locked);
  get diagnostics gone = row_count; most := greatest(most, gone);
  delete from pushes where id = any(array(select id from pushes where done_at < at_now - interval '7 days'
    order by done_at limit n for update skip locked));
  get diagnostics gone = row_count; most := greatest(most, gone);
  return most = n;
end $$;

-- A device that is signed out is told nothing more.
create function _device_goes() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  delete from push_targets where session = new.id;
  return null;
end $$;
create trigger device_goes after update of ended_at on sessions
  for each row when (new.ended_at is not null and old.ended_at is null) execute function _device_goes();

-- Nor does anything of a club that has ended stay.
create function _notices_end() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  delete from notices where group_id = new.id;
  delete from tellings where group_id = new.id;
  delete from pushes where group_id = new.id;
  delete from looking where group_id = new.id;
  return null;
end $$;
create trigger notices_end after update of erased_at on groups
  for each row when (new.erased_at is not null and old.erased_at is null) execute function _notices_end();
