-- Clubs: made, entered by a code, left. Each function is one transaction: limits first, then the groups' locks, then
-- it judges, then it writes.

-- The client's name for a new club, so that the call can be repeated for ever.
create table club_keys(
  user_id bigint not null references users,
  key uuid not null,
  name text not null,
  group_id bigint not null references groups,
  primary key (user_id, key));

-- The code itself is nowhere: its HMAC finds it, and sealed its admins see it again. A club may have several.
create table join_codes(
  id bigint generated always as identity primary key,
  group_id bigint not null references groups,
  mac bytea not null unique,
  sealed bytea not null,
  created_by bigint not null references users,
  created_at timestamptz not null,
  expires_at timestamptz,
  uses_left int check (uses_left >= 0),
  revoked_at timestamptz);
create index join_codes_of_group on join_codes(group_id);

-- Whom a club does not let in again. To them its codes are unknown.
create table club_blocks(
  group_id bigint not null references groups,
  user_id bigint not null references users,
  blocked_by bigint not null references users,
  blocked_at timestamptz not null,
  primary key (group_id, user_id));

create function _clubs_of(who bigint) returns bigint
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select count(*) from memberships m join groups g on g.id = m.group_id
  where m.user_id = who and m.to_seq is null and g.kind = 'club' $$;

create function _groups_below(g bigint) returns bigint[]
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with recursive below as (
    select id from groups where parent = g union all select c.id from groups c join below b on c.parent = b.id)
  select coalesce(array_agg(id order by id), '{}') from below $$;

create function _role(who bigint, g bigint) returns text
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select role from memberships where group_id = g and user_id = who and to_seq is null $$;

-- The club that a code opens at this moment, for somebody (null: for anybody); null = it opens nothing.
create function _club_of_code(macs bytea[], who bigint, moment timestamptz) returns bigint
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select c.group_id from join_codes c
  where c.mac = any(macs) and c.revoked_at is null and (c.expires_at is null or c.expires_at > moment)
    -- a member who repeats the call that used the code up gets the same answer
    and (c.uses_left is null or c.uses_left > 0 or _role(who, c.group_id) is not null)
    and not exists (select 1 from club_blocks b where b.group_id = c.group_id and b.user_id = who) $$;

-- A member into a group that is locked already; the two actions that say so, in the group's log and in their own.
create function _enter(g bigint, who bigint, as_role text) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare gr groups; person users; joined logged; told logged;
begin
  select * into gr from groups where id = g;
  select * into person from users where id = who;
  joined := _append(g, null, json_build_object(
    'type', 'member_joined', 'user', person.sub, 'name', person.name, 'role', as_role), joined => who);
  insert into memberships(group_id, user_id, role, since_seq, from_seq) values (g, who, as_role, joined.seq, 1);
  told := _append(_self_group(who), null, json_strip_nulls(json_build_object(
    'type', 'added_to_group', 'group', g, 'kind', gr.kind, 'name', gr.name, 'parent', gr.parent)));
  return array[joined, told];
end $$;

create function create_club(
  who bigint, club_key uuid, club_name text, code_mac bytea, code_sealed bytea, clubs_max int, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); made club_keys; club bigint; admins bigint;
  log logged[];
begin
  perform _lock(array[_self_group(who)]);    -- one club at a time for one person
  select * into made from club_keys where user_id = who and key = club_key;
  if made.group_id is not null then
    if made.name <> club_name then perform _fail('id_conflict'); end if;
    return row(_club_made(who, made.group_id, true), null)::outcome;
  end if;
  if not exists (select 1 from credentials where user_id = who) then perform _fail('sign_in_needed'); end if;
  if _clubs_of(who) >= clubs_max then perform _fail('full'); end if;
  insert into groups(kind, name) values ('club', club_name) returning id into club;
  insert into groups(kind, parent, name) values ('admins', club, club_name) returning id into admins;
  insert into club_keys(user_id, key, name, group_id) values (who, club_key, club_name, club);
  insert into join_codes(group_id, mac, sealed, created_by, created_at)
    values (club, code_mac, code_sealed, who, at_now);
  log := array[_append(club, null, json_build_object('type', 'club_created', 'by', _sub(who), 'name', club_name))]
    || _enter(club, who, 'owner') || _enter(admins, who, 'owner')
    || _append(admins, null, json_build_object('type', 'join_code_created', 'by', _sub(who)));
  return row(_club_made(who, club, false), log)::outcome;
end $$;

create function _club_made(who bigint, club bigint, again boolean) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select _signed_in(who, null, 0) || jsonb_build_object('group', club, 'repeated', again, 'sealed', encode(
    (select sealed from join_codes where group_id = club order by id limit 1), 'hex')) $$;

-- Only wrong codes are counted, by person and by address, and nothing is ever held against the code.
create function join_club(
  who bigint, code_macs bytea[], limits text, members_max int, clubs_max int, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); wait_ms bigint; club bigint; log logged[];
begin
  wait_ms := _wait(limits, at_now);
  if wait_ms is not null then return _refused('rate_limited', wait_ms); end if;
  club := _club_of_code(code_macs, who, at_now);
  if club is not null then
    perform _lock(array[_self_group(who), club]);
    club := _club_of_code(code_macs, who, at_now);
  end if;
  if club is null then
    perform _count(limits, at_now);
    return _refused('invalid_code');
  end if;
  if _role(who, club) is null then
    if _clubs_of(who) >= clubs_max then perform _fail('full'); end if;
    if (select count(*) from memberships where group_id = club and to_seq is null) >= members_max then
      perform _fail('full');
    end if;
    log := _enter(club, who, 'member');
    update join_codes set uses_left = uses_left - 1 where mac = any(code_macs) and uses_left is not null;
  end if;
  return row(_signed_in(who, null, 0)
    || (select jsonb_build_object('group', id, 'name', name) from groups where id = club), log)::outcome;
end $$;

-- What a code shows before one has joined. A wrong one is counted for the address.
create function preview_club(code_macs bytea[], limits text, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); wait_ms bigint; club bigint;
begin
  wait_ms := _wait(limits, at_now);
  if wait_ms is not null then return _refused('rate_limited', wait_ms); end if;
  club := _club_of_code(code_macs, null, at_now);
  if club is null then
    perform _count(limits, at_now);
    return _refused('invalid_code');
  end if;
  return row((select jsonb_build_object('name', g.name, 'members',
    (select count(*) from memberships where group_id = g.id and to_seq is null))
    from groups g where g.id = club), null)::outcome;
end $$;

-- A code that is valid now, sealed, for whoever runs the club.
create function club_code(who bigint, club bigint, moment timestamptz) returns bytea
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); as_role text := _role(who, club); found_code bytea;
begin
  if as_role is null then perform _fail('not_found'); end if;
  if as_role = 'member' then perform _fail('forbidden'); end if;
  select c.sealed into found_code from join_codes c join groups g on g.id = c.group_id
    where c.group_id = club and g.kind = 'club' and c.revoked_at is null
      and (c.expires_at is null or c.expires_at > at_now) and (c.uses_left is null or c.uses_left > 0)
    order by c.id desc limit 1;
  if found_code is null then perform _fail('not_found'); end if;
  return found_code;
end $$;

-- Leaving, or being removed: one transaction closes the club and every group below it, each in the order of its own
-- log, so that nothing after the cut is delivered (L5). An owner removes anyone, an admin members only.
create function remove_member(who bigint, club bigint, target_sub text)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare target bigint; asker_role text; target_role text; self bigint; below bigint[]; g bigint; entry logged; log logged[];
begin
  select id into target from users where sub = target_sub;
  self := _self_group(target);
  perform _lock(array[self, club] || _groups_below(club));
  below := _groups_below(club);  -- with the club locked no more are made; one made meanwhile has the highest id
  perform _lock(below);
  asker_role := _role(who, club); target_role := _role(target, club);
  if asker_role is null or target_role is null then perform _fail('not_found'); end if;
  if (select kind from groups where id = club) <> 'club' then perform _fail('forbidden'); end if;
  if who <> target and not (asker_role = 'owner' or asker_role = 'admin' and target_role = 'member') then
    perform _fail('forbidden');
  end if;
  if target_role = 'owner' and not exists (select 1 from memberships
      where group_id = club and user_id <> target and to_seq is null and role = 'owner') then
    perform _fail('last_owner');
  end if;
  foreach g in array array[club] || below loop
    continue when _role(target, g) is null;
    entry := _append(g, null, json_build_object('type', 'member_removed', 'user', target_sub, 'by', _sub(who)), cut => target);
    update memberships set to_seq = entry.seq where group_id = g and user_id = target and to_seq is null;
    log := log || entry
      || _append(self, null, json_build_object('type', 'removed_from_group', 'group', g));
  end loop;
  return row(null, log)::outcome;
end $$;
