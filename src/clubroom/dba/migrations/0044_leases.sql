-- A push is leased without a word in any index, and what is closed is found by its number: of what one message costs
-- where thousands are told of it, most went into indexes and into reading over all that waits.

alter table pushes add leased_until timestamptz;  -- whoever has taken it sends it until then
alter table pushes add constraint pushes_done check ((done_at is null) = (outcome is null));

-- What one device is told, whatever has become of it. Where `outcome is null` stands instead of `done_at is null`, that
-- is so that nothing is looked for in `pushes_due`: as long as nothing waits, statistics call that the shortest way.
create index pushes_of on pushes(session, group_id, seq);
drop index pushes_waiting;
drop index pushes_of_device;
-- What stands on a device is what went out to it last of a conversation, unless that was withdrawn: so nothing is written
-- about what stood there before it, until a withdrawal takes `standing` from all of them.
drop index pushes_standing;
create index pushes_standing on pushes(session, group_id, done_at, seq) where standing;

-- What of this conversation stands on this device. Neither `security definer` nor a path of its own: so it becomes a part
-- of the query that asks.
create function _stands_on(device uuid, g bigint) returns table(id bigint, seq bigint, done_at timestamptz)
language sql stable as $$
  select p.id, p.seq, p.done_at from clubroom.pushes p where p.session = device and p.group_id = g and p.standing
  order by p.done_at desc, p.seq desc limit 1 $$;

-- How this device is reached, and what became of the last push to it. As in 0036, out of the device's own pushes: the
-- newest of all are not looked through for them.
create or replace function push_target_of(device uuid)
returns table(kind text, failed text, pushed_at timestamptz)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with pushed as materialized (select p.id, p.failed, p.outcome, p.done_at from pushes p
    where p.session = device and p.outcome in ('pushed', 'failed'))
  select t.kind, (select p.failed from pushed p order by p.id desc limit 1), (select max(p.done_at) from pushed p
      where p.outcome = 'pushed' and p.done_at > clock_timestamp() - interval '7 days')
  from (select device) asked left join push_targets t on t.session = device $$;

-- As in 0041, by the device.
create or replace function _needless(ids bigint[], good_seconds int, moment timestamptz) returns table(id bigint, outcome text)
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
#variable_conflict use_column
begin
  return query
  select p.id, case
    when t.session is null then 'gone'
    when p.made_at < moment - make_interval(secs => good_seconds) or p.tries >= 50 then 'failed'
    when p.kind = 'test' then null
    when p.kind = 'event' then _event_push_over(p, moment)
    when exists (select 1 from pushes newer
      join messages m on m.group_id = newer.group_id and m.seq = newer.seq and m.deleted_at is null
      where newer.session = p.session and newer.group_id = p.group_id and newer.kind = 'message' and newer.seq > p.seq
        and newer.outcome is null)
      or exists (select 1 from _stands_on(p.session, p.group_id) stands where stands.seq > p.seq) then 'collapsed'
    when p.kind = 'read' then null
    when not exists (select 1 from messages m join groups g on g.id = m.group_id
        and g.deleted_at is null and g.suspended_at is null
        join memberships ms on ms.group_id = g.members_of and ms.user_id = p.user_id and ms.to_seq is null
      where m.group_id = p.group_id and m.seq = p.seq and m.deleted_at is null) then 'gone'
    when exists (select 1 from read_pointers r
      where r.user_id = p.user_id and r.group_id = p.group_id and r.seen >= p.seq) then 'read'
    when p.tries > 0 and p.id in (select _unwanted(ids, moment)) then 'unwanted' end
  from pushes p left join lateral (
    select reached.session from reached where reached.session = p.session and reached.user_id = p.user_id limit 1) t on true
  where p.id = any(ids);
end $$;

-- As in 0036, with a lease of its own. Its plans are made once: for a hundred pushes planning took as long as doing it.
create or replace function take_pushes(n int, lease_seconds int, good_seconds int, moment timestamptz)
returns table(id bigint, kind text, session uuid, target text, address text, p256dh text, auth text, language text,
  group_id bigint, seq bigint, tries int, made_at timestamptz, user_id bigint, silent boolean, calls boolean)
language plpgsql security definer set search_path = clubroom, pg_temp
set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare at_now timestamptz := coalesce(moment, clock_timestamp()); taken bigint[]; some_needless boolean;
begin
  for portion in 1..20 loop  -- what is needless holds up nobody who waits behind it
    taken := array(select p.id from pushes p where p.done_at is null and p.due_at <= at_now
        and coalesce(p.leased_until <= at_now, true)
      order by p.due_at limit n for update skip locked);
    exit when cardinality(taken) = 0;
    -- Whose device did not answer a moment ago waits with all that is for it, and holds up nobody else.
    update pushes p set due_at = t.rests_until from push_targets t
      where p.id = any(taken) and t.session = p.session and t.rests_until > at_now;
    if found then
      taken := array(select p.id from pushes p where p.id = any(taken) and p.due_at <= at_now);
    end if;
    with judged as (
      update pushes p set outcome = judged.outcome, done_at = case when judged.outcome is not null then at_now end,
          failed = case when judged.outcome = 'failed' then coalesce(p.failed, 'late') else p.failed end,
          tries = p.tries + 1, leased_until = at_now + make_interval(secs => lease_seconds)
        from _needless(taken, good_seconds, at_now) judged
        where p.id = any(taken) and p.id = judged.id returning judged.outcome)
    select bool_or(outcome is not null) into some_needless from judged;
    if some_needless then
      perform _given_up(taken, at_now);
    end if;
    return query select * from _leased(taken, at_now);
    exit when found;
  end loop;
end $$;

-- What is told with these, as far as they are not given up.
create function _leased(ids bigint[], moment timestamptz)
returns table(id bigint, kind text, session uuid, target text, address text, p256dh text, auth text, language text,
  group_id bigint, seq bigint, tries int, made_at timestamptz, user_id bigint, silent boolean, calls boolean)
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
#variable_conflict use_column
begin
  return query
  with leased as materialized (select p.* from pushes p where p.id = any(ids) and p.outcome is null and p.leased_until > moment),
  called as materialized (
    select c.* from (select array_agg(group_id) as gs, array_agg(seq) as seqs
      from (select distinct group_id, seq from leased where kind = 'message') place) said, _called_by(gs, seqs) c)
  select p.id, p.kind, p.session, t.kind, t.address, t.p256dh, t.auth, coalesce(u.language, 'en'), p.group_id, p.seq,
    p.tries, p.made_at, p.user_id, coalesce((select before.done_at > moment - interval '30 seconds'
      from _stands_on(p.session, p.group_id) before), false),
    coalesce(g.kind = 'dm', false) or (p.group_id, p.seq, p.user_id) in (select * from called)
      or (p.group_id, p.seq, 0) in (select * from called)
  from leased p cross join lateral (
    select reached.* from reached where reached.session = p.session and reached.user_id = p.user_id limit 1) t
  join users u on u.id = p.user_id left join groups g on g.id = p.group_id
  order by p.id;
end $$;

-- As in 0036, by their numbers; and a lease ends with it.
create or replace function close_pushes(ids bigint[], seqs bigint[], outcomes text[], reasons text[], moment timestamptz)
returns void language plpgsql security definer set search_path = clubroom, pg_temp
set plan_cache_mode = force_generic_plan as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); with_reads boolean; with_messages boolean;
begin
  perform 1 from pushes where id = any(ids) order by id for update;
  update pushes p set due_at = at_now, leased_until = null, tries = 0
    from unnest(ids, seqs) as x(id, seq) where p.id = x.id and p.outcome is null and p.seq > x.seq;
  with closed as (
    update pushes p set done_at = at_now, outcome = x.outcome, failed = x.reason,
        standing = x.outcome = 'pushed' and p.kind = 'message'
      from unnest(ids, seqs, outcomes, reasons) as x(id, seq, outcome, reason)
      where p.id = x.id and p.outcome is null and p.seq = x.seq returning p.kind)
  select bool_or(kind = 'read'), bool_or(kind = 'message') into with_reads, with_messages from closed;
  if outcomes && array['gone', 'failed'] then
    perform _instead(ids, at_now);
  end if;
  update push_targets t set fails = case when p.outcome = 'pushed' then 0 else least(t.fails + 1, 30) end, rests_until = null
    from pushes p where p.id = any(ids) and p.session = t.session
      and (p.outcome = 'pushed' and t.fails > 0 or p.outcome = 'failed');
  if with_reads then
    update pushes old set standing = false, outcome = case when old.id = stood.id then 'withdrawn' else old.outcome end
      from pushes p cross join lateral _stands_on(p.session, p.group_id) stood
      where p.id = any(ids) and p.kind = 'read' and p.outcome = 'pushed' and stood.seq <= p.seq
        and old.session = p.session and old.group_id = p.group_id and old.standing and old.seq <= p.seq;
  end if;
  if with_messages then
    perform _stand(ids, at_now);
  end if;
end $$;

-- What stands on devices now is taken from them again, if it is to go already.
create or replace function _stand(ids bigint[], moment timestamptz) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare seen read_pointers[]; gone messages[];
begin
  seen := array(select row(r.user_id, r.group_id, r.seq, r.moved_at, r.seen)::read_pointers
    from read_pointers r join pushes p on p.user_id = r.user_id and p.group_id = r.group_id
    where p.id = any(ids) and p.standing and r.seen >= p.seq);
  if seen <> '{}' then
    perform _withdraw(seen, moment);
  end if;
  gone := array(select row(m.*)::messages from messages m
    join pushes p on p.group_id = m.group_id and p.seq = m.seq
    where p.id = any(ids) and p.standing and m.deleted_at is not null);
  if gone <> '{}' then
    perform _take_back(gone, moment);
  end if;
end $$;

alter function pushed_messages(bigint[], bigint[]) set plan_cache_mode = force_generic_plan;

-- As in 0036; and a lease ends with it.
create or replace function postpone_pushes(ids bigint[], waits float8[], reasons text[], moment timestamptz) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  update push_targets t set fails = least(t.fails + 1, 30), rests_until = coalesce(moment, clock_timestamp())
      + make_interval(secs => greatest(x.wait, least(3600, 5 * power(2, least(t.fails, 20)))))
    from (select p.session, max(x.wait) as wait from unnest(ids, waits) as x(id, wait)
      join pushes p on p.id = x.id group by p.session) x where t.session = x.session;
  update pushes p set leased_until = null, failed = reasons[array_position(ids, p.id)],
      due_at = coalesce(moment, clock_timestamp()) + make_interval(secs => waits[array_position(ids, p.id)])
    where p.id = any(ids) and p.outcome is null $$;

-- As in 0036; whatever went out with it may go out at once.
create or replace function _instead(ids bigint[], moment timestamptz) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  update pushes old set done_at = null, outcome = null, due_at = moment, leased_until = null
  where old.id in (
    select distinct on (p.session, p.group_id) c.id
    from pushes p join pushes c on c.session = p.session and c.group_id = p.group_id and c.kind = 'message'
      and c.outcome = 'collapsed' and c.seq < p.seq and c.done_at > moment - interval '1 day'
    where p.id = any(ids) and p.kind = 'message' and p.outcome in ('gone', 'failed') and not exists (
      select 1 from pushes newer where newer.session = c.session and newer.group_id = c.group_id
        and newer.kind = 'message' and newer.seq > c.seq
        and (newer.done_at is null or newer.outcome not in ('gone', 'failed', 'collapsed')))
    order by p.session, p.group_id, c.seq desc) $$;

-- As in 0036, by the devices that somebody has.
create or replace function _withdraw(moved read_pointers[], moment timestamptz) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  insert into pushes as known (kind, session, user_id, group_id, seq, made_at, due_at)
  select 'read', t.session, r.user_id, r.group_id, max(r.seen), moment, moment + interval '1 second'
    from unnest(moved) r join push_targets t on t.user_id = r.user_id
    cross join lateral _stands_on(t.session, r.group_id) stands
    where stands.seq <= r.seen
    group by t.session, r.user_id, r.group_id order by t.session, r.group_id
  on conflict (session, group_id) where kind = 'read' and done_at is null
    do update set seq = greatest(known.seq, excluded.seq) $$;

-- As in 0036, of what still stands there.
create or replace function _take_back(gone messages[], moment timestamptz) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  insert into pushes as known (kind, session, user_id, group_id, seq, made_at, due_at)
  select 'read', p.session, p.user_id, p.group_id, max(p.seq), moment, moment
    from unnest(gone) m
    join pushes p on p.group_id = m.group_id and p.seq = m.seq and p.kind = 'message' and p.standing
    cross join lateral _stands_on(p.session, p.group_id) stands
    where stands.id = p.id
    group by p.session, p.user_id, p.group_id order by p.session, p.group_id
  on conflict (session, group_id) where kind = 'read' and done_at is null
    do update set seq = greatest(known.seq, excluded.seq) $$;

-- As in 0035; whoever is decided already is not judged again.
create or replace function _judged(taken notices[], here bigint[], moment timestamptz)
returns table(group_id bigint, seq bigint, at timestamptz, user_id bigint, outcome "char", connected boolean)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with notice as materialized (
    select n.group_id, n.seq, n.at, n.waited, m.author, g.kind = 'dm' as is_dm
    from unnest(taken) n join messages m on m.group_id = n.group_id and m.seq = n.seq and m.deleted_at is null
    join groups g on g.id = n.group_id),
  decided as materialized (
    select t.group_id, t.seq, unnest(t.people) as user_id
      from tellings t join notice n on n.group_id = t.group_id and n.seq = t.seq and n.waited
    union select p.group_id, p.seq, p.user_id
      from pushes p join notice n on n.group_id = p.group_id and n.seq = p.seq and n.waited where p.kind = 'message'),
  reader as materialized (
    select n.*, r.user_id, r.followed
    from notice n
    join _readers_of(array(select distinct group_id from notice)) r on r.group_id = n.group_id and r.user_id <> n.author
      and case when r.inherits then r.opened_at <= n.at else r.since_seq <= n.seq end
    where (n.group_id, n.seq, r.user_id) not in (select * from decided)),  -- hashed, however few the planner expects
  asked as materialized (select group_id, array_agg(distinct user_id) as people from reader group by group_id),
  wish as materialized (select asked.group_id, w.*
    from asked cross join lateral _notification_wishes(asked.group_id, asked.people, moment) w),
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
  fact as (
    select r.group_id, r.seq, r.at, r.user_id, r.waited, w.level, w.muted, w.quiet, r.followed,
      coalesce(p.seen, 0) >= r.seq as read, b.blocked is not null as blocked,
      c.user_id is not null or a.user_id is not null as called, r.is_dm,
      h.user_id is not null as here, coalesce(s.seq, 0) >= r.seq as shown,
      t.user_id is not null as reachable, k.user_id is not null as connected
    from reader r
    join wish w on w.group_id = r.group_id and w.user_id = r.user_id
    left join read_pointers p on p.group_id = r.group_id and p.user_id = r.user_id
    left join person_blocks b on b.user_id = r.user_id and b.blocked = r.author
    left join called c on c.group_id = r.group_id and c.seq = r.seq and c.user_id = r.user_id
    left join called a on a.group_id = r.group_id and a.seq = r.seq and a.user_id = 0
    left join present h on h.user_id = r.user_id
    left join connected k on k.user_id = r.user_id
    left join shown s on s.group_id = r.group_id and s.user_id = r.user_id
    left join reachable t on t.user_id = r.user_id)
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
drop function _wishing(bigint[], timestamptz);

-- As in 0036, of what still stands there.
create or replace function forget_tellings(n int, moment timestamptz) returns boolean
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); most int := 0; gone int;
begin
  perform _withdraw(array(select row(r.user_id, r.group_id, r.seq, r.moved_at, r.seen)::read_pointers
    from read_pointers r join (select distinct p.user_id, p.group_id from pushes p
        cross join lateral _stands_on(p.session, p.group_id) stands
        where p.standing and p.done_at > at_now - interval '5 minutes' and stands.id = p.id) p
      on p.user_id = r.user_id and p.group_id = r.group_id), at_now);
  delete from tellings where (group_id, seq) in (
    select group_id, seq from tellings where at < at_now - interval '7 days' order by at limit n for update skip locked);
  get diagnostics gone = row_count; most := greatest(most, gone);
  delete from pushes where id = any(array(select id from pushes where done_at < at_now - interval '7 days'
    order by done_at limit n for update skip locked));
  get diagnostics gone = row_count; most := greatest(most, gone);
  return most = n;
end $$;
