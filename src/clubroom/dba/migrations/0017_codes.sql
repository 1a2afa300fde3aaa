-- Several codes at once, each leading where whoever made it wants; some only ask to be let in. What a code gives is
-- judged when somebody comes by it: never more than those who made it may still give.

alter table join_codes
  add key uuid,                                                 -- named by the client (L8)
  add note text not null default '' check (length(note) <= 60), -- whom it is for
  add role text not null default 'member' check (role in ('member', 'admin')),
  add asks boolean not null default false,                      -- it lets nobody in: an admin does
  add question text not null default '' check (length(question) <= 200),
  add main boolean not null default false;                      -- the one that the club shows
update join_codes set main = true where revoked_at is null;
create unique index join_codes_by_key on join_codes(created_by, key);
create index memberships_by_code on memberships(came_by) where came_by is not null;

create table code_labels(
  code_id bigint not null references join_codes on delete cascade,
  label_id bigint not null references labels on delete cascade,
  primary key (code_id, label_id));
create index code_labels_of on code_labels(label_id);

-- A private room is opened only while whoever put it here is in it.
create table code_rooms(
  code_id bigint not null references join_codes on delete cascade,
  group_id bigint not null references groups on delete cascade,
  by_user bigint not null references users,
  primary key (code_id, group_id));
create index code_rooms_of on code_rooms(group_id);

-- Who waits to be let in. Gone with the answer: what somebody wrote to get in is kept no longer than it is needed.
create table join_requests(
  id bigint generated always as identity primary key,
  group_id bigint not null references groups on delete cascade,
  user_id bigint not null references users,
  code_id bigint not null references join_codes on delete cascade,
  answer text not null check (length(answer) <= 500),
  asked_at timestamptz not null,
  unique (group_id, user_id));
create index join_requests_of_user on join_requests(user_id);
create index join_requests_by_code on join_requests(code_id);

-- The role of somebody who runs this club, which is to be changed now.
create function _running(who bigint, club bigint) returns text
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare gr groups; as_role text := _role(who, club);
begin
  select * into gr from groups where id = club;
  if as_role is null or gr.kind <> 'club' then perform _fail('not_found'); end if;
  if as_role = 'member' or gr.suspended_at is not null or gr.deleted_at is not null then perform _fail('forbidden'); end if;
  return as_role;
end $$;

create function _private_rooms(code bigint) returns bigint[]
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select array(select g.id from code_rooms r join groups g on g.id = r.group_id
    where r.code_id = code and g.members_of = g.id order by g.id) $$;

-- --- made, changed, revoked -----------------------------------------------------------------------------------

-- As one who runs the club sees it: private rooms that they are not in are not named.
create function _code_json(who bigint, c join_codes) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object('code', c.id, 'sealed', encode(c.sealed, 'hex'), 'note', c.note, 'role', c.role,
    'expires_at', _rfc3339(c.expires_at), 'uses_left', c.uses_left, 'asks', c.asks, 'question', c.question,
    'main', c.main, 'by', _sub(c.created_by), 'by_name', (select name from users where id = c.created_by),
    'labels', to_jsonb(array(select l.key from code_labels x join labels l on l.id = x.label_id
      where x.code_id = c.id order by l.key)),
    'rooms', to_jsonb(array(select x.group_id from code_rooms x join readers r on r.group_id = x.group_id
      where x.code_id = c.id and r.user_id = who order by x.group_id)),
    'came', (select count(distinct user_id) from memberships where came_by = c.id),
    'people', coalesce((select jsonb_agg(jsonb_build_object('user', u.sub, 'name', u.name) order by p.newest desc)
      from (select user_id, max(id) as newest from memberships where came_by = c.id
        group by user_id order by newest desc limit 100) p join users u on u.id = p.user_id), '[]')) $$;

create function club_codes(who bigint, club bigint) returns setof jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare as_role text := _role(who, club);
begin
  if as_role is null or (select kind from groups where id = club) <> 'club' then perform _fail('not_found'); end if;
  if as_role = 'member' then perform _fail('forbidden'); end if;
  return query select _code_json(who, c) from join_codes c
    where c.group_id = club and c.revoked_at is null and (c.role = 'member' or as_role = 'owner')
    order by c.main desc, c.id desc;
end $$;

-- `said` as JSON: note, role, expires_in_s, uses (of both 0 = no end), asks, question, labels, rooms. `reset` = all
-- others open nothing any more, and this one is the club's own.
create function create_code(
  who bigint, club bigint, code_key uuid, code_mac bytea, code_sealed bytea, said text, reset boolean,
  limits text, codes_max int, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); wanted jsonb := said; made join_codes;
  wait_ms bigint; as_role text; log logged[] := '{}';
begin
  wait_ms := _wait(limits, at_now);
  perform _lock(array[club, _admins_of(club)]);
  as_role := _running(who, club);
  select * into made from join_codes where created_by = who and key = code_key;
  if made.id is not null then
    if made.group_id <> club then perform _fail('id_conflict'); end if;
    return row(_code_json(who, made) || '{"repeated": true}', null)::outcome;
  end if;
  if wait_ms is not null then perform _fail('rate_limited', wait_ms::text); end if;
  if wanted->>'role' = 'admin' and as_role <> 'owner' then perform _fail('forbidden'); end if;
  if reset then
    log := _revoke(who, club, array(select id from join_codes where group_id = club and revoked_at is null order by id), at_now);
  elsif (select count(*) from join_codes where group_id = club and revoked_at is null) >= codes_max then
    perform _fail('full');
  end if;
  insert into join_codes(group_id, mac, sealed, created_by, created_at, key, note, role, expires_at, uses_left, asks,
      question, main)
    values (club, code_mac, code_sealed, who, at_now, code_key, wanted->>'note', wanted->>'role',
      _ends(wanted->'expires_in_s', at_now), nullif((wanted->>'uses')::int, 0), (wanted->>'asks')::boolean,
      wanted->>'question', reset)
    returning * into made;
  perform _lead(who, made, wanted);
  perform _count(limits, at_now);
  perform _audit(club, who, 'join_code_created', details => jsonb_build_object('code', made.id, 'role', made.role));
  log := log || _append(_admins_of(club), null,
    json_build_object('type', 'join_code_created', 'by', _sub(who), 'code', made.id));
  return row(_code_json(who, made) || '{"repeated": false}', log)::outcome;
end $$;

create function _ends(seconds jsonb, moment timestamptz) returns timestamptz
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select case when seconds::bigint > 0 then moment + make_interval(secs => seconds::bigint) end $$;

-- What `said` does not name stays. `uses` = how often it opens from now on.
create function change_code(who bigint, club bigint, code bigint, said text, limits text, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); wanted jsonb := said; c join_codes; wait_ms bigint;
begin
  wait_ms := _wait(limits, at_now);
  perform _lock(array[club, _admins_of(club)]);
  c := _code_to_change(who, club, code);
  if wait_ms is not null then perform _fail('rate_limited', wait_ms::text); end if;
  update join_codes set note = coalesce(wanted->>'note', note),
    expires_at = case when wanted ? 'expires_in_s' then _ends(wanted->'expires_in_s', at_now) else expires_at end,
    uses_left = case when wanted ? 'uses' then nullif((wanted->>'uses')::int, 0) else uses_left end,
    asks = coalesce((wanted->>'asks')::boolean, asks), question = coalesce(wanted->>'question', question)
    where id = c.id returning * into c;
  perform _lead(who, c, wanted);
  perform _count(limits, at_now);
  perform _audit(club, who, 'join_code_changed', details => jsonb_build_object('code', c.id));
  return row(_code_json(who, c), array[_append(_admins_of(club), null,
    json_build_object('type', 'join_code_changed', 'by', _sub(who), 'code', c.id))])::outcome;
end $$;

create function _code_to_change(who bigint, club bigint, code bigint) returns join_codes
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare as_role text := _running(who, club); c join_codes;
begin
  select * into c from join_codes where id = code and group_id = club and revoked_at is null;
  if c.id is null or c.role = 'admin' and as_role <> 'owner' then perform _fail('not_found'); end if;
  return c;
end $$;

-- Exactly these labels and, of the rooms that `who` can see, exactly these.
create function _lead(who bigint, c join_codes, wanted jsonb) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare keys uuid[]; rooms bigint[];
begin
  if wanted ? 'labels' then
    keys := array(select distinct x::uuid from jsonb_array_elements_text(wanted->'labels') x);
    delete from code_labels where code_id = c.id;
    insert into code_labels(code_id, label_id) select c.id, id from labels where group_id = c.group_id and key = any(keys);
    if (select count(*) from code_labels where code_id = c.id) < cardinality(keys) then perform _fail('not_found'); end if;
  end if;
  if wanted ? 'rooms' then
    rooms := array(select distinct x::bigint from jsonb_array_elements_text(wanted->'rooms') x);
    if (select count(*) from groups g join readers r on r.group_id = g.id and r.user_id = who
        where g.id = any(rooms) and g.kind = 'channel' and g.parent = c.group_id) < cardinality(rooms) then
      perform _fail('not_found');
    end if;
    delete from code_rooms x using readers r where x.code_id = c.id and r.group_id = x.group_id and r.user_id = who
      and x.group_id <> all(rooms);
    insert into code_rooms(code_id, group_id, by_user) select c.id, g, who from unnest(rooms) g on conflict do nothing;
  end if;
end $$;

-- A code that somebody does not see can still be taken out of the world by them.
create function revoke_code(who bigint, club bigint, code bigint, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); log logged[];
begin
  perform _lock(array[club, _admins_of(club)]);
  perform _running(who, club);
  log := _revoke(who, club, array[code], at_now);
  if log = '{}' then perform _fail('not_found'); end if;
  return row(null, log)::outcome;
end $$;

create function _revoke(who bigint, club bigint, codes bigint[], moment timestamptz) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare code bigint; log logged[] := '{}';
begin
  foreach code in array codes loop
    update join_codes set revoked_at = moment, main = false
      where id = code and group_id = club and revoked_at is null;
    continue when not found;
    perform _audit(club, who, 'join_code_revoked', details => jsonb_build_object('code', code));
    log := log || _append(_admins_of(club), null,
      json_build_object('type', 'join_code_revoked', 'by', _sub(who), 'code', code));
  end loop;
  return log;
end $$;

-- The club's own code, sealed, else the newest that makes members; for whoever runs it, and where the club lets them
-- for its members, too. Those are not given one that leads to more than the club.
create or replace function club_code(who bigint, club bigint, moment timestamptz) returns bytea
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); as_role text := _role(who, club);
  gr groups; found_code bytea;
begin
  select * into gr from groups where id = club;
  if as_role is null or gr.kind <> 'club' then perform _fail('not_found'); end if;
  if as_role = 'member' and not gr.members_invite then perform _fail('forbidden'); end if;
  select c.sealed into found_code from join_codes c
    where c.group_id = club and c.revoked_at is null and c.role = 'member'
      and (c.expires_at is null or c.expires_at > at_now) and (c.uses_left is null or c.uses_left > 0)
      and (as_role <> 'member' or c.main
        and not exists (select 1 from code_labels where code_id = c.id)
        and not exists (select 1 from code_rooms where code_id = c.id))
    order by c.main desc, c.id desc limit 1;
  if found_code is null then perform _fail('not_found'); end if;
  return found_code;
end $$;

-- As in 0013, with a code that is the club's own.
create or replace function create_club(
  who bigint, club_key uuid, club_name text, code_mac bytea, code_sealed bytea, clubs_max int, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); made club_keys; club bigint; admins bigint;
  code bigint; log logged[];
begin
  perform _lock(array[_self_group(who)]);    -- one club at a time for one person
  select * into made from club_keys where user_id = who and key = club_key;
  if made.group_id is not null then
    if made.name <> club_name or (select kind from groups where id = made.group_id) <> 'club' then
      perform _fail('id_conflict');
    end if;
    return row(_club_made(who, made.group_id, true), null)::outcome;
  end if;
  if not _can_sign_in(who) then perform _fail('sign_in_needed'); end if;
  if _clubs_of(who) >= clubs_max then perform _fail('full'); end if;
  insert into groups(kind, name) values ('club', club_name) returning id into club;
  insert into groups(kind, parent, name) values ('admins', club, club_name) returning id into admins;
  insert into club_keys(user_id, key, name, group_id) values (who, club_key, club_name, club);
  insert into join_codes(group_id, mac, sealed, created_by, created_at, main)
    values (club, code_mac, code_sealed, who, at_now, true) returning id into code;
  log := array[_append(club, null, json_build_object('type', 'club_created', 'by', _sub(who), 'name', club_name))]
    || _enter(club, who, 'owner') || _enter(admins, who, 'owner')
    || _append(admins, null, json_build_object('type', 'join_code_created', 'by', _sub(who), 'code', code));
  return row(_club_made(who, club, false), log)::outcome;
end $$;

create or replace function _club_made(who bigint, club bigint, again boolean) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select _signed_in(who, null, 0) || jsonb_build_object('group', club, 'repeated', again, 'sealed', encode(
    (select sealed from join_codes where group_id = club order by id limit 1), 'hex')) $$;

-- --- come by ---------------------------------------------------------------------------------------------------

drop function join_club(bigint, bytea[], text, text, int, int, timestamptz);
drop function _club_of_code(bytea[], bigint, timestamptz);

-- The code that opens a club at this moment, for somebody (null: for anybody); null = it opens nothing. A member who
-- repeats the call that used the code up gets the same answer.
create function _opening(macs bytea[], who bigint, moment timestamptz) returns join_codes
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select c from join_codes c join groups g on g.id = c.group_id
  where c.mac = any(macs) and c.revoked_at is null and (c.expires_at is null or c.expires_at > moment)
    and g.deleted_at is null
    and (_role(who, c.group_id) is not null or (c.uses_left is null or c.uses_left > 0)
      and not g.joining_paused and g.suspended_at is null)
    and not exists (select 1 from club_blocks b where b.group_id = c.group_id and b.user_id = who) $$;

-- As in 0011, and: a code may only ask, and lead to more than the club.
create function join_club(
  who bigint, code_macs bytea[], answer text, limits text, address_limits text, asking_limits text, members_max int,
  clubs_max int, waiting_max int, asked_max int, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); wait_ms bigint; asking_wait_ms bigint; c join_codes;
  rooms bigint[]; log logged[];
begin
  wait_ms := _wait(limits, at_now);
  if wait_ms is not null then return _refused('rate_limited', wait_ms); end if;
  asking_wait_ms := _wait(asking_limits, at_now);
  wait_ms := _wait(address_limits, at_now);
  c := _opening(code_macs, who, at_now);
  if c.id is not null then
    rooms := _private_rooms(c.id);
    perform _lock(array[_self_group(who), c.group_id, _admins_of(c.group_id)] || rooms);
    c := _opening(code_macs, who, at_now);
  end if;
  if c.id is null then
    perform _count(limits, at_now);
    return _wrong_code(address_limits, wait_ms, at_now);
  end if;
  if _role(who, c.group_id) is null then
    if c.asks then
      if asking_wait_ms is not null then return _refused('rate_limited', asking_wait_ms); end if;
      return _ask(c, who, answer, asking_limits, clubs_max, waiting_max, asked_max, at_now);
    end if;
    log := _come(c, who, null, rooms, members_max, clubs_max) || _settle(c.group_id, who, who, true);
  end if;
  return row(_signed_in(who, null, 0)
    || (select jsonb_build_object('group', id, 'name', name) from groups where id = c.group_id), log)::outcome;
end $$;

-- In by a code, with everything locked, `rooms` too; `by` = the admin who said yes. An admin comes out of it only where
-- an owner wants that, and with a sign-in of their own; everybody else is a member.
create function _come(c join_codes, who bigint, by bigint, rooms bigint[], members_max int, clubs_max int)
returns logged[] language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare as_role text := 'member'; room record; log logged[];
begin
  if _clubs_of(who) >= clubs_max then perform _fail('full'); end if;
  if (select count(*) from memberships where group_id = c.group_id and to_seq is null) >= members_max then
    perform _fail('full');
  end if;
  if c.uses_left = 0 then perform _fail('full'); end if;
  if c.role = 'admin' and _can_sign_in(who) and _role(c.created_by, c.group_id) = 'owner'
      and (by is null or _role(by, c.group_id) = 'owner') then
    as_role := 'admin';
  end if;
  log := _enter_club(c.group_id, who, as_role, by, c.id);
  if as_role = 'admin' then log := log || _enter(_admins_of(c.group_id), who, 'admin', by); end if;
  log := log || _add_labels(c.group_id, who, array(select label_id from code_labels where code_id = c.id),
    coalesce(by, c.created_by));
  for room in select g.id, g.members_of = g.id as is_private, x.by_user, m.from_seq from code_rooms x
      join groups g on g.id = x.group_id and g.parent = c.group_id and g.archived_at is null
      left join memberships m on m.group_id = g.id and m.user_id = x.by_user and m.to_seq is null
      where x.code_id = c.id order by g.id loop
    if not room.is_private then
      log := log || _follow(who, room.id, true);
    elsif room.id = any(rooms) and room.from_seq is not null then
      log := log || _enter(room.id, who, 'member', room.by_user, case
        when (select history from groups where id = c.group_id) = 'all' then room.from_seq end);
    end if;
  end loop;
  update join_codes set uses_left = uses_left - 1 where id = c.id and uses_left is not null;
  return log;
end $$;

-- What a code shows before one has joined. A wrong one is counted for the address.
create or replace function preview_club(code_macs bytea[], limits text, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); wait_ms bigint; c join_codes;
begin
  wait_ms := _wait(limits, at_now);
  c := _opening(code_macs, null, at_now);
  if c.id is null then return _wrong_code(limits, wait_ms, at_now); end if;
  return row((select jsonb_build_object('name', g.name, 'sign', g.sign, 'colour', g.colour, 'asks', c.asks,
      'question', case when c.asks then c.question else '' end, 'members',
      (select count(*) from memberships where group_id = g.id and to_seq is null))
    from groups g where g.id = c.group_id), null)::outcome;
end $$;

-- --- asking to be let in --------------------------------------------------------------------------------------

-- What was said the first time stands until it is answered or taken back.
create function _ask(
  c join_codes, who bigint, answer text, limits text, clubs_max int, waiting_max int, asked_max int,
  moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare asked jsonb; log logged[];
begin
  select jsonb_build_object('asked', name) into asked from groups where id = c.group_id;
  if exists (select 1 from join_requests where group_id = c.group_id and user_id = who) then
    return row(asked, null)::outcome;
  end if;
  if c.question <> '' and answer = '' then perform _fail('invalid_field', 'The question wants an answer.'); end if;
  if _clubs_of(who) >= clubs_max
    or (select count(*) from join_requests where group_id = c.group_id) >= waiting_max
    or (select count(*) from join_requests where user_id = who) >= asked_max then
    perform _fail('full');
  end if;
  perform _count(limits, moment);
  insert into join_requests(group_id, user_id, code_id, answer, asked_at) values (c.group_id, who, c.id, answer, moment);
  log := array[_append(_admins_of(c.group_id), null, json_build_object('type', 'join_asked', 'user', _sub(who)))];
  return row(asked, log)::outcome;
end $$;

-- Whoever waited does not any more; null = they did not. The club's admins are told in their log, which is locked.
create function _settle(club bigint, target bigint, by bigint, accepted boolean) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  delete from join_requests where group_id = club and user_id = target;
  if not found then return null; end if;
  return array[_append(_admins_of(club), null, json_build_object(
    'type', 'join_settled', 'user', _sub(target), 'by', _sub(by), 'accepted', accepted))];
end $$;

create function join_requests_of(who bigint, club bigint, most int) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare as_role text := _role(who, club);
begin
  if as_role is null or (select kind from groups where id = club) <> 'club' then perform _fail('not_found'); end if;
  if as_role = 'member' then perform _fail('forbidden'); end if;
  return jsonb_build_object('n', (select count(*) from join_requests where group_id = club),
    'requests', coalesce((select jsonb_agg(jsonb_build_object('user', u.sub, 'name', u.name, 'question', r.question,
        'answer', r.answer, 'note', r.note, 'asked_at', _rfc3339(r.asked_at)) order by r.id)
      from (select q.*, c.question, c.note from join_requests q join join_codes c on c.id = q.code_id
        where q.group_id = club order by q.id limit most) r
      join users u on u.id = r.user_id), '[]'));
end $$;

-- Where an admin says yes, they let in, whatever became of the code meanwhile; its uses still count.
create function answer_request(
  who bigint, club bigint, target_sub text, accept boolean, members_max int, clubs_max int)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare target bigint; asked join_requests; again join_requests; c join_codes; rooms bigint[]; log logged[] := '{}';
begin
  select id into target from users where sub = target_sub;
  select * into asked from join_requests where group_id = club and user_id = target;
  rooms := _private_rooms(asked.code_id);
  perform _lock(array[_self_group(target), club, _admins_of(club)] || rooms);
  perform _running(who, club);
  select * into again from join_requests where group_id = club and user_id = target;
  if again.id is distinct from asked.id or asked.id is null then perform _fail('not_found'); end if;
  if accept then
    select * into c from join_codes where id = asked.code_id;
    log := _come(c, target, who, rooms, members_max, clubs_max);
  end if;
  log := log || _settle(club, target, who, accept)
    || _append(_self_group(target), null, json_build_object('type', 'join_answered',
      'name', (select name from groups where id = club), 'accepted', accept));
  perform _audit(club, who, case when accept then 'join_accepted' else 'join_declined' end, target);
  return row(null, log)::outcome;
end $$;

create function my_requests(who bigint) returns setof jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object('request', r.id, 'name', g.name, 'sign', g.sign, 'colour', g.colour,
    'asked_at', _rfc3339(r.asked_at))
  from join_requests r join groups g on g.id = r.group_id where r.user_id = who order by r.id $$;

create function withdraw_request(who bigint, request bigint)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare club bigint; log logged[];
begin
  select group_id into club from join_requests where id = request and user_id = who;
  perform _lock(array[_self_group(who), club, _admins_of(club)]);
  if not exists (select 1 from join_requests where id = request and user_id = who) then perform _fail('not_found'); end if;
  return row(null, _settle(club, who, who, false))::outcome;
end $$;
