-- What is pushed to devices: who is reached how, what goes out, what is withdrawn, and why. The rows are those that 0035
-- decided.

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

-- Of these pushes, those that have waited and meet other wishes by now: quiet hours have begun, or they have muted or
-- blocked.
create function _unwanted(ids bigint[], moment timestamptz) returns setof bigint
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with push as materialized (
    select p.id, p.user_id, p.group_id, p.seq, m.author from pushes p
    join messages m on m.group_id = p.group_id and m.seq = p.seq
    where p.id = any(ids) and p.kind = 'message' and p.tries > 0),
  called as materialized (
    select c.* from (select array_agg(group_id) as gs, array_agg(seq) as seqs from push) said, _called_by(gs, seqs) c),
  asked as (select group_id, array_agg(distinct user_id) as people from push group by group_id)
  select p.id from asked cross join lateral _notification_wishes(asked.group_id, asked.people, moment) w
    join push p on p.group_id = asked.group_id and p.user_id = w.user_id
    where w.quiet or w.level = 'nothing' or w.muted and not exists (select 1 from called c
      where c.group_id = p.group_id and c.seq = p.seq and c.user_id in (0, p.user_id))
  union
  select p.id from push p join person_blocks b on b.user_id = p.user_id and b.blocked = p.author $$;

-- Whether there is still something to say with pushes that are due, judged again in the moment of sending: null = yes.
-- At the push service the last one of a topic wins, so that what is older never goes out after what is newer.
create function _needless(ids bigint[], good_seconds int, moment timestamptz) returns table(id bigint, outcome text)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select p.id, case
    when t.session is null then 'gone'
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
    when p.id in (select _unwanted(ids, moment)) then 'unwanted' end
  from pushes p left join reached t on t.session = p.session and t.user_id = p.user_id
  where p.id = any(ids) $$;

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
declare at_now timestamptz := coalesce(moment, clock_timestamp()); taken bigint[]; some_needless boolean;
begin
  for portion in 1..20 loop  -- what is needless holds up nobody who waits behind it
    taken := array(select p.id from pushes p where p.done_at is null and p.due_at <= at_now
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
          tries = p.tries + 1, due_at = at_now + make_interval(secs => lease_seconds)
        from _needless(taken, good_seconds, at_now) judged where p.id = judged.id returning judged.outcome)
    select bool_or(outcome is not null) into some_needless from judged;
    if some_needless then
      perform _given_up(taken, at_now);
    end if;
    return query
      with leased as materialized (
        select p.* from pushes p where p.id = any(taken) and p.done_at is null and p.due_at > at_now),
      called as materialized (
        select c.* from (select array_agg(group_id) as gs, array_agg(seq) as seqs
          from (select distinct group_id, seq from leased where kind = 'message') place) said, _called_by(gs, seqs) c)
      select p.id, p.kind, p.session, t.kind, t.address, t.p256dh, t.auth, coalesce(u.language, 'en'), p.group_id, p.seq,
        p.tries, p.made_at, p.user_id, exists (select 1 from pushes before where before.session = p.session
          and before.group_id = p.group_id and before.standing and before.user_id = p.user_id
          and before.done_at > at_now - interval '30 seconds'),
        coalesce(g.kind = 'dm', false) or (p.group_id, p.seq, p.user_id) in (select * from called)
          or (p.group_id, p.seq, 0) in (select * from called)
      from leased p join reached t on t.session = p.session join users u on u.id = p.user_id
      left join groups g on g.id = p.group_id
      order by p.id;
    exit when found;
  end loop;
end $$;

-- What follows from those of these that were needless.
create function _given_up(ids bigint[], moment timestamptz) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  perform _instead(ids, moment);
  -- Whoever had taken it before was killed, perhaps after the call: what is read by now may stand there, and goes.
  update pushes p set outcome = 'withdrawn', standing = true
    where p.id = any(ids) and p.outcome = 'read' and p.tries > 1 and p.failed is null;
  perform _withdraw(array(select row(r.user_id, r.group_id, r.seq, r.moved_at, r.seen)::read_pointers
    from pushes p join read_pointers r on r.user_id = p.user_id and r.group_id = p.group_id
    where p.id = any(ids) and p.standing), moment);
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
declare at_now timestamptz := coalesce(moment, clock_timestamp()); with_reads boolean; with_messages boolean;
begin
  perform 1 from pushes where id = any(ids) order by id for update;
  update pushes p set due_at = at_now, tries = 0
    from unnest(ids, seqs) as x(id, seq) where p.id = x.id and p.done_at is null and p.seq > x.seq;
  with closed as (
    update pushes p set done_at = at_now, outcome = x.outcome, failed = x.reason,
        standing = x.outcome = 'pushed' and p.kind = 'message'
      from unnest(ids, seqs, outcomes, reasons) as x(id, seq, outcome, reason)
      where p.id = x.id and p.done_at is null and p.seq = x.seq returning p.kind)
  select bool_or(kind = 'read'), bool_or(kind = 'message') into with_reads, with_messages from closed;
  if outcomes && array['gone', 'failed'] then
    perform _instead(ids, at_now);
  end if;
  update push_targets t set fails = case when p.outcome = 'pushed' then 0 else least(t.fails + 1, 30) end, rests_until = null
    from pushes p where p.id = any(ids) and p.session = t.session
      and (p.outcome = 'pushed' and t.fails > 0 or p.outcome = 'failed');
  if with_reads then
    update pushes old set standing = false, outcome = 'withdrawn'
      from pushes p where p.id = any(ids) and p.kind = 'read' and p.outcome = 'pushed' and old.user_id = p.user_id
        and old.group_id = p.group_id and old.session = p.session and old.seq <= p.seq and old.standing;
  end if;
  if with_messages then
    perform _stand(ids, at_now);
  end if;
end $$;

-- What stands on devices now takes the place of what stood there before, unless it is to go already.
create function _stand(ids bigint[], moment timestamptz) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  update pushes old set standing = false
    from pushes p where p.id = any(ids) and p.standing and old.user_id = p.user_id and old.group_id = p.group_id
      and old.session = p.session and old.seq < p.seq and old.standing;
  perform _withdraw(array(select row(r.user_id, r.group_id, r.seq, r.moved_at, r.seen)::read_pointers
    from read_pointers r join pushes p on p.user_id = r.user_id and p.group_id = r.group_id
    where p.id = any(ids) and p.standing and r.seen >= p.seq), moment);
  perform _take_back(array(select row(m.*)::messages from messages m
    join pushes p on p.group_id = m.group_id and p.seq = m.seq
    where p.id = any(ids) and p.standing and m.deleted_at is not null), moment);
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
