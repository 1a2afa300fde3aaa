-- Removed and kept out, reported, and what somebody wrote taken back with them.

create index club_blocks_of_user on club_blocks(user_id);

-- What somebody said or did, shown to those who run a club by one of its members. `said` is a copy: kept until the
-- report is closed, when the whole row goes, whatever becomes of the message.
create table reports(
  id bigint generated always as identity primary key,
  group_id bigint not null references groups on delete cascade,      -- the club
  reporter bigint not null references users,
  about_user bigint not null references users,
  message_id uuid,
  said_in bigint references groups on delete cascade,
  said text,
  said_at timestamptz,
  reason text not null check (length(reason) <= 500),
  at timestamptz not null default clock_timestamp());
create unique index reports_once on reports(group_id, reporter, about_user, message_id) nulls not distinct;
create index reports_of_reporter on reports(reporter);

-- What a removed person wrote, on its way out: newest first, from `before` down, in one group after the other.
create table erasures(
  id bigint generated always as identity primary key,
  group_id bigint not null references groups on delete cascade,      -- the club
  by_user bigint not null references users,
  target bigint not null references users,
  since timestamptz,                                                 -- null = from the beginning
  in_group bigint not null default 0,                                -- those below are done
  before bigint);                                                    -- null = from its head

-- --- removed, kept out ----------------------------------------------------------------------------------------

drop function remove_member(bigint, bigint, text);

-- `erase_s` = what they wrote in the last so many seconds goes, too; 0 = all of it, null = nothing.
create function remove_member(who bigint, club bigint, target_sub text, erase_s bigint)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare target bigint; self bigint; below bigint[]; kind_of text; log logged[];
begin
  select id into target from users where sub = target_sub;
  self := _self_group(target);
  select kind into kind_of from groups where id = club;
  if kind_of in ('channel', 'dm') then
    perform _lock(array[self, club]);
    log := _remove_from_room(who, club, target);
    if erase_s is not null then perform _fail('forbidden'); end if;
    return row(null, log)::outcome;
  end if;
  perform _lock(array[self, club] || _groups_below(club));
  below := _groups_below(club);  -- with the club locked no more are made; one made meanwhile has the highest id
  perform _lock(below);
  log := _remove_from_club(who, club, target, below);
  perform _erase(who, club, target, erase_s);
  return row(null, log)::outcome;
end $$;

-- Out, whether a member, one who waits or one who left, and not in again: to them the club's codes are unknown. Its
-- owners and admins are not blocked by each other, unless an owner does it.
create function block_from_club(who bigint, club bigint, target_sub text, erase_s bigint, blocks_max int)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare target bigint; below bigint[]; log logged[] := '{}';
begin
  select id into target from users where sub = target_sub;
  perform _lock(array[_self_group(target), club] || _groups_below(club));
  below := _groups_below(club);  -- as in remove_member
  perform _lock(below);
  perform _running(who, club);
  if target = who then perform _fail('forbidden'); end if;
  if not exists (select 1 from memberships where group_id = club and user_id = target)
    and not exists (select 1 from join_requests where group_id = club and user_id = target)
    and not exists (select 1 from club_blocks where group_id = club and user_id = target) then
    perform _fail('not_found');
  end if;
  if _role(target, club) is not null then log := _remove_from_club(who, club, target, below); end if;
  log := log || _settle(club, target, who, false);
  if not exists (select 1 from club_blocks where group_id = club and user_id = target) then
    if (select count(*) from club_blocks where group_id = club) >= blocks_max then perform _fail('full'); end if;
    insert into club_blocks(group_id, user_id, blocked_by, blocked_at) values (club, target, who, clock_timestamp());
    perform _audit(club, who, 'member_blocked', target);
  end if;
  perform _erase(who, club, target, erase_s);
  return row(null, log)::outcome;
end $$;

create function unblock_from_club(who bigint, club bigint, target_sub text)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare target bigint;
begin
  perform _lock(array[club]);
  perform _running(who, club);
  select id into target from users where sub = target_sub;
  delete from club_blocks where group_id = club and user_id = target;
  if not found then perform _fail('not_found'); end if;
  perform _audit(club, who, 'member_unblocked', target);
  return row(null, null)::outcome;
end $$;

create function club_blocks_of(who bigint, club bigint) returns setof jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  perform _may_run(who, club);
  return query select jsonb_build_object('user', u.sub, 'name', u.name, 'by', _sub(b.blocked_by),
      'by_name', (select name from users where id = b.blocked_by), 'at', _rfc3339(b.blocked_at))
    from club_blocks b join users u on u.id = b.user_id where b.group_id = club order by b.blocked_at desc, u.id;
end $$;

create function _may_run(who bigint, club bigint) returns void
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  if _role(who, club) is null or (select kind from groups where id = club) <> 'club' then perform _fail('not_found'); end if;
  if _role(who, club) = 'member' then perform _fail('forbidden'); end if;
end $$;

-- --- what they wrote ------------------------------------------------------------------------------------------

create function _erase(who bigint, club bigint, target bigint, erase_s bigint) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  if erase_s is null then return; end if;
  if who = target then perform _fail('forbidden'); end if;
  perform _running(who, club);
  if (select count(*) from erasures where group_id = club) >= 100 then perform _fail('full'); end if;
  insert into erasures(group_id, by_user, target, since) values (club, who, target,
    case when erase_s > 0 then clock_timestamp() - make_interval(secs => erase_s) end);
  perform _audit(club, who, 'messages_deleted', target, details => jsonb_build_object('seconds', erase_s));
end $$;

-- A piece of it: of one group as many messages as `looked` are looked at, and those of `target` are deleted as whoever
-- removed them may delete them, by `delete_message`. Private rooms that they do not run are left alone. The result says
-- whether more waits.
create function erase_some(looked int) returns outcome
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare e erasures; m record; log logged[] := '{}'; lowest bigint; over boolean;
begin
  select * into e from erasures order by id limit 1 for update skip locked;
  if e.id is null then return row('false'::jsonb, null)::outcome; end if;
  if e.before is null then
    select r.group_id, g.head + 1 into e.in_group, e.before from readers r join groups g on g.id = r.group_id
      where r.user_id = e.by_user and r.manages and g.id > e.in_group and (g.id = e.group_id or g.parent = e.group_id)
      order by g.id limit 1;
    if e.before is null then
      delete from erasures where id = e.id;
      return row('true'::jsonb, null)::outcome;
    end if;
  end if;
  perform _lock(array[e.in_group]);
  for m in select * from messages where group_id = e.in_group and seq < e.before order by seq desc limit looked loop
    over := m.sent_at < e.since;
    exit when over;
    lowest := m.seq;
    continue when m.author <> e.target or m.deleted_at is not null;
    -- whoever removed them may have gone since, or may run this room no more: then the rest of it stays
    over := not exists (select 1 from readers where user_id = e.by_user and group_id = e.in_group and manages
      and first_seq <= m.seq);
    exit when over;
    log := log || (delete_message(e.by_user, m.id)).log;
  end loop;
  update erasures set in_group = e.in_group, before = case when not coalesce(over, false) then lowest end where id = e.id;
  return row('true'::jsonb, log)::outcome;
end $$;

-- --- reported -------------------------------------------------------------------------------------------------

-- A message to those who run the club in which it was said; of a conversation to those of a club that both are in.
-- The same again is the same report. Whom it is about never learns of it, not even as an admin.
create function report_message(who bigint, message uuid, why text, to_club bigint, own_max int, club_max int)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare m messages; club bigint;
begin
  select * into m from messages where id = message;
  if m.id is null or m.seq < _reading(who, m.group_id) or m.deleted_at is not null then perform _fail('not_found'); end if;
  club := _club_of(m.group_id);
  if club is null then
    if to_club is null then perform _fail('invalid_field', 'Say which club.'); end if;
    club := to_club;
  elsif to_club <> club then
    perform _fail('not_found');
  end if;
  return _report(who, club, m.author, why, m, own_max, club_max);
end $$;

create function report_person(who bigint, club bigint, target_sub text, why text, own_max int, club_max int)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare nothing messages;
begin
  return _report(who, club, (select id from users where sub = target_sub), why, nothing, own_max, club_max);
end $$;

create function _report(
  who bigint, club bigint, target bigint, why text, m messages, own_max int, club_max int)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare report bigint; shown messages;
begin
  perform _lock(array[_self_group(who), club, _admins_of(club)]);
  if (select kind from groups where id = club) is distinct from 'club' or _role(who, club) is null then
    perform _fail('not_found');
  end if;
  if not exists (select 1 from memberships where group_id = club and user_id = target
      and (to_seq is null or m.id is not null and _club_of(m.group_id) is not null)) then
    perform _fail('not_found');
  end if;
  if target = who then perform _fail('forbidden'); end if;
  if exists (select 1 from reports where group_id = club and reporter = who and about_user = target
      and message_id is not distinct from m.id) then
    return row(null, null)::outcome;
  end if;
  if (select count(*) from reports where reporter = who) >= own_max
    or (select count(*) from reports where group_id = club) >= club_max then
    perform _fail('full');
  end if;
  -- read anew: what was deleted meanwhile is kept by nobody
  select * into shown from messages where id = m.id for share;
  if m.id is not null and shown.deleted_at is not null then perform _fail('not_found'); end if;
  insert into reports(group_id, reporter, about_user, message_id, said_in, said, said_at, reason)
    values (club, who, target, shown.id, shown.group_id, shown.text, shown.sent_at, why) returning id into report;
  return row(null, array[_append(_admins_of(club), null,
    json_build_object('type', 'reported', 'report', report))])::outcome;
end $$;

-- What one who runs the club sees of it. Whom a report is about is told by nothing that there is one.
create function club_reports(who bigint, club bigint, most int) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  perform _may_run(who, club);
  return jsonb_build_object(
    'n', (select count(*) from reports where group_id = club and about_user <> who),
    'reports', coalesce((select jsonb_agg(jsonb_build_object('report', r.id, 'user', _sub(r.about_user),
        'name', (select name from users where id = r.about_user), 'by', _sub(r.reporter),
        'by_name', (select name from users where id = r.reporter), 'reason', r.reason, 'at', _rfc3339(r.at),
        'message', r.message_id, 'text', r.said, 'sent_at', _rfc3339(r.said_at),
        'deleted', r.message_id is not null and exists (
          select 1 from messages x where x.id = r.message_id and x.deleted_at is not null),
        -- a private room that they are not in is not named
        'group', (select d.group_id from readers d where d.group_id = r.said_in and d.user_id = who),
        'member', _role(r.about_user, club) is not null) order by r.id)
      from (select * from reports where group_id = club and about_user <> who order by id limit most) r), '[]'));
end $$;

create function close_report(who bigint, club bigint, report bigint)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare about bigint;
begin
  perform _lock(array[club, _admins_of(club)]);
  perform _may_run(who, club);
  delete from reports where id = report and group_id = club and about_user <> who returning about_user into about;
  if about is null then perform _fail('not_found'); end if;
  perform _audit(club, who, 'report_closed', about);
  return row(null, array[_append(_admins_of(club), null,
    json_build_object('type', 'report_closed', 'report', report))])::outcome;
end $$;
