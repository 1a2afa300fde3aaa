-- Accounts, signed-in devices, and how often somebody may be wrong. No password, token or link is stored: a password
-- as Argon2, a link as HMAC, a refresh token as the number of the newest one in its chain (auth/refresh.py).
-- Wherever `moment` is asked for, null means now by the database's clock; tests name their own.

create table credentials(
  user_id bigint primary key references users,
  email text not null unique,                -- lower case
  password_hash text not null,
  changed_at timestamptz not null);

-- The client's name for a sign-up, kept for ten minutes so that it can be repeated.
create table account_keys(
  key uuid primary key,
  sub text not null,
  created_at timestamptz not null);
create index account_keys_age on account_keys(created_at);

create table sessions(
  id uuid primary key,                       -- `sid` in tokens
  user_id bigint not null references users,
  generation bigint not null default 0,      -- the newest refresh token given out
  rotated_at timestamptz not null,           -- when it was
  created_at timestamptz not null,
  used_at timestamptz not null,
  ended_at timestamptz) with (fillfactor = 70);
create index sessions_of_user on sessions(user_id, used_at) where ended_at is null;
create index sessions_used on sessions(used_at);
create index sessions_ended on sessions(ended_at) where ended_at is not null;

create table sign_in_links(
  mac bytea primary key,
  user_id bigint not null references users,
  expires_at timestamptz not null,
  used_at timestamptz);
create index sign_in_links_of_user on sign_in_links(user_id);

-- One row for each thing that is counted, until its window is over. `whom` is a person, an address, or both.
create table attempts(
  id bigint generated always as identity primary key,
  kind text not null,
  whom text not null,
  over_at timestamptz not null);
create index attempts_of on attempts(kind, whom, over_at);
create index attempts_over on attempts(over_at);

-- Limits come as JSON [{"kind","whom","most","seconds"}], made by auth/limits.py. Answers the milliseconds to wait,
-- null while there is room. Until the commit nobody else is judged by the same limit, so that a hundred guesses at
-- once are still counted one by one. Always before any group is locked (L3).
create function _wait(limits text, moment timestamptz) returns bigint
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare entry record; longest bigint;
begin
  for entry in select * from jsonb_to_recordset(limits::jsonb) as l(kind text, whom text) order by kind, whom loop
    perform pg_advisory_xact_lock(hashtextextended(entry.kind || ' ' || entry.whom, 0));
  end loop;
  select max(ceil(extract(epoch from over.at - moment) * 1000)) into longest
    from jsonb_to_recordset(limits::jsonb) as l(kind text, whom text, most int)
    cross join lateral (
      select a.over_at as at from attempts a where a.kind = l.kind and a.whom = l.whom and a.over_at > moment
      order by a.over_at desc offset l.most - 1 limit 1) over;
  return longest;
end $$;

-- Counts one attempt under each limit, and forgets a few whose window is over: the table stays as small as its limits.
create function _count(limits text, moment timestamptz) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  insert into attempts(kind, whom, over_at)
    select kind, whom, moment + make_interval(secs => seconds)
    from jsonb_to_recordset(limits::jsonb) as l(kind text, whom text, seconds int) order by kind, whom;
  delete from attempts where id = any(array(
    select id from attempts where over_at < moment order by over_at limit 20 for update skip locked));
end $$;

-- A refusal that is committed, because something was counted or ended with it. dba/attempts.py raises it.
create function _refused(code text, retry_ms bigint default null) returns outcome
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select row(jsonb_build_object('error', code, 'retry_ms', retry_ms), null::logged[])::outcome $$;

-- What a token is minted from. One group more than a token can list tells that it cannot.
create function _signed_in(who bigint, session uuid, generation bigint) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object('user', u.sub, 'key', u.id, 'session', session, 'generation', generation,
    'groups', to_jsonb(array(select m.group_id from memberships m
      where m.user_id = who and m.to_seq is null order by m.group_id limit 513)))
  from users u where u.id = who $$;

-- A new device. At most 50 of one person: the one unused for longest is signed out. What ended long ago is forgotten.
create function _open_session(who bigint, session uuid, moment timestamptz) returns jsonb
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  insert into sessions(id, user_id, rotated_at, created_at, used_at) values (session, who, moment, moment, moment);
  update sessions set ended_at = moment where id = any(array(
    select id from sessions where user_id = who and ended_at is null and id <> session
    order by used_at desc offset 49 for update skip locked));
  delete from sessions where id = any(array(
    select id from sessions where ended_at < moment - interval '1 day' order by ended_at limit 20 for update skip locked));
  delete from sessions where id = any(array(
    select id from sessions where used_at < moment - interval '400 days' order by used_at limit 20 for update skip locked));
  return _signed_in(who, session, 0);
end $$;

create function _self_group(who bigint) returns bigint
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select g.id from memberships m join groups g on g.id = m.group_id
  where m.user_id = who and m.to_seq is null and g.kind = 'self' $$;

create function _sub(who bigint) returns text
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select sub from users where id = who $$;

-- The account that this key made in the last ten minutes, signed in once more; null = there is none.
create function _account_of_key(asked uuid, as_name text, as_email text, session uuid, moment timestamptz) returns jsonb
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare found_id bigint; same boolean;
begin
  select u.id, u.name = as_name and c.email is not distinct from as_email into found_id, same
    from account_keys k join users u on u.sub = k.sub left join credentials c on c.user_id = u.id
    where k.key = asked and k.created_at > moment - interval '10 minutes';
  if found_id is null then return null; end if;
  if not same then perform _fail('id_conflict'); end if;
  return _open_session(found_id, session, moment) || jsonb_build_object('repeated', true);
end $$;

-- A person, their self group and its first action, their first device.
create function _make_account(sub text, name text, email text, password_hash text, session uuid, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare who bigint; self bigint; entry logged;
begin
  insert into users(sub, name, created_at) values (sub, name, moment) returning id into who;
  if email is not null then
    insert into credentials(user_id, email, password_hash, changed_at) values (who, email, password_hash, moment);
  end if;
  insert into groups(kind, name) values ('self', name) returning id into self;
  entry := _append(self, null, json_build_object('type', 'account_created', 'user', sub, 'name', name), joined => who);
  insert into memberships(group_id, user_id, role, since_seq, from_seq) values (self, who, 'owner', entry.seq, 1);
  return row(_open_session(who, session, moment), array[entry])::outcome;
end $$;

create function create_account(
  account_key uuid, sub text, name text, email text, password_hash text, session uuid,
  limits text, taken_limits text, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); again jsonb; wait_ms bigint; made outcome;
begin
  again := _account_of_key(account_key, name, email, session, at_now);
  if again is not null then return row(again, null)::outcome; end if;
  wait_ms := greatest(_wait(limits, at_now), _wait(taken_limits, at_now));
  if wait_ms is not null then return _refused('rate_limited', wait_ms); end if;
  begin
    if account_key is not null then
      delete from account_keys where key = any(array(select key from account_keys
        where created_at <= at_now - interval '10 minutes' order by created_at limit 20 for update skip locked));
      -- waits for a twin of this call; a key whose ten minutes are over begins anew
      insert into account_keys as k (key, sub, created_at) values (account_key, create_account.sub, at_now)
        on conflict (key) do update set sub = excluded.sub, created_at = excluded.created_at
        where k.created_at <= at_now - interval '10 minutes';
      if not found then
        return row(_account_of_key(account_key, name, email, session, at_now), null)::outcome;
      end if;
    end if;
    made := _make_account(sub, name, email, password_hash, session, at_now);
  exception when unique_violation then
    perform _count(taken_limits, at_now);
    return _refused('address_taken');
  end;
  perform _count(limits, at_now);
  return made;
end $$;

-- Before a password is verified: counts the try for this address and person, so that guesses at the same moment are
-- counted too; `sign_in` takes it back. An unknown e-mail gives nulls, and everything else goes on alike.
create function try_sign_in(email text, limits text, address_limits text, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); wait_ms bigint; known record;
begin
  wait_ms := greatest(_wait(limits, at_now), _wait(address_limits, at_now));
  if wait_ms is not null then return _refused('rate_limited', wait_ms); end if;
  perform _count(limits, at_now);
  select c.user_id, c.password_hash into known from credentials c where c.email = try_sign_in.email;
  return row(jsonb_build_object('key', known.user_id, 'password_hash', known.password_hash), null)::outcome;
end $$;

-- After a wrong password.
create function count_wrong(limits text, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  perform _count(limits, coalesce(moment, clock_timestamp()));
  return row(null, null)::outcome;
end $$;

-- After a right password: the hash is compared again, for it may have been changed while it was verified.
create function sign_in(who bigint, verified_hash text, session uuid, limits text, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp());
begin
  perform 1 from credentials where user_id = who and password_hash = verified_hash for share;
  if not found then perform _fail('wrong_sign_in'); end if;
  perform _forgive(limits);
  return row(_open_session(who, session, at_now), null)::outcome;
end $$;

-- For work that is dear to do in vain (hashing): asked before it, judged again after it.
create function wait_ms(limits text, moment timestamptz) returns bigint
language sql security definer set search_path = clubroom, pg_temp as $$
  select _wait(limits, coalesce(moment, clock_timestamp())) $$;

-- Tries that turned out right count for nothing.
create function forgive(limits text) returns outcome
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  perform _forgive(limits);
  return row(null, null)::outcome;
end $$;

create function _forgive(limits text) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  delete from attempts a using jsonb_to_recordset(limits::jsonb) as l(kind text, whom text)
  where a.kind = l.kind and a.whom = l.whom $$;

create function sign_in_of(who bigint) returns table(email text, password_hash text)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select email, password_hash from credentials where user_id = who $$;

-- Sets or changes how a person signs in. `verified_hash` is the one that was proven, null = none was set so far.
create function set_sign_in(
  who bigint, session uuid, new_email text, new_hash text, verified_hash text, taken_limits text,
  moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); self bigint := _self_group(who); wait_ms bigint;
  stored text; entry logged;
begin
  wait_ms := _wait(taken_limits, at_now);
  if wait_ms is not null then return _refused('rate_limited', wait_ms); end if;
  perform _lock(array[self]);
  select password_hash into stored from credentials where user_id = who;
  if stored is distinct from verified_hash then perform _fail('wrong_sign_in'); end if;
  begin
    insert into credentials as c (user_id, email, password_hash, changed_at) values (who, new_email, new_hash, at_now)
      on conflict (user_id) do update
      set email = excluded.email, password_hash = excluded.password_hash, changed_at = excluded.changed_at;
  exception when unique_violation then
    perform _count(taken_limits, at_now);
    return _refused('address_taken');
  end;
  if stored is not null then  -- whoever changes the password may do so because somebody else knows it
    update sessions set ended_at = at_now where user_id = who and id <> session and ended_at is null;
  end if;
  entry := _append(self, null, json_build_object('type', 'sign_in_changed', 'email', new_email));
  return row(jsonb_build_object('email', new_email), array[entry])::outcome;
end $$;

-- The next refresh token. The token before the newest is good for 60 s and gives the newest again (two tabs, a lost
-- reply); once its successor was used, or later, it is a replay and ends the session. A token newer than the newest
-- is genuine too, for only we can write one: the database was restored from before it.
create function rotate_session(session uuid, used_generation bigint, unused_seconds bigint, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); known sessions;
begin
  select * into known from sessions where id = session for update;
  if known.id is null or known.ended_at is not null
     or known.used_at < at_now - make_interval(secs => unused_seconds) then
    return _refused('invalid_refresh');
  end if;
  if used_generation >= known.generation then
    update sessions set generation = used_generation + 1, rotated_at = at_now, used_at = at_now where id = session;
    return row(_signed_in(known.user_id, session, used_generation + 1), null)::outcome;
  end if;
  if used_generation = known.generation - 1 and at_now <= known.rotated_at + interval '60 seconds' then
    return row(_signed_in(known.user_id, session, known.generation), null)::outcome;
  end if;
  update sessions set ended_at = at_now where id = session;
  return _refused('invalid_refresh');
end $$;

create function end_session(who bigint, session uuid, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  update sessions set ended_at = coalesce(moment, clock_timestamp())
    where id = session and user_id = who and ended_at is null;
  return row(null, null)::outcome;
end $$;

-- For every server to poll. Five seconds are told twice, for a commit may come later than its own time.
create function ended_sessions(since timestamptz) returns table(session uuid, ended_at timestamptz)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select id, ended_at from sessions where ended_at > since - interval '5 seconds' order by ended_at $$;

-- A link for one's next device. At most ten of one person are open; older ones are dropped.
create function create_sign_in_link(who bigint, link_mac bytea, open_seconds bigint, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp());
begin
  perform 1 from users where id = who for no key update;
  delete from sign_in_links where user_id = who and (used_at is not null or expires_at < at_now);
  delete from sign_in_links where mac in (
    select mac from sign_in_links where user_id = who order by expires_at desc offset 9);
  insert into sign_in_links(mac, user_id, expires_at)
    values (link_mac, who, at_now + make_interval(secs => open_seconds));
  return row(null, null)::outcome;
end $$;

-- Used, expired and unknown links are answered alike.
create function sign_in_by_link(link_macs bytea[], session uuid, address_limits text, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); wait_ms bigint; who bigint;
begin
  wait_ms := _wait(address_limits, at_now);
  if wait_ms is not null then return _refused('rate_limited', wait_ms); end if;
  update sign_in_links set used_at = at_now
    where mac = any(link_macs) and used_at is null and expires_at > at_now returning user_id into who;
  if who is null then
    perform _count(address_limits, at_now);
    return _refused('wrong_sign_in');
  end if;
  return row(_open_session(who, session, at_now), null)::outcome;
end $$;

-- A person as they see themselves.
create function me(who bigint) returns table(sub text, name text, email text)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select u.sub, u.name, c.email from users u left join credentials c on c.user_id = u.id where u.id = who $$;
