-- A sign-in link is as good as the device it was made on: with a new password, a sign-out or a replayed refresh token
-- the person's open links are closed, too. Everywhere a session is locked before links are.

create function _close_links(who bigint) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  delete from sign_in_links where user_id = who and used_at is null $$;

-- Ends every session of this person but `kept`, and closes their links. Answers the ended ones.
create function _end_others(who bigint, kept uuid, moment timestamptz) returns uuid[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare ended uuid[] := '{}'; more uuid[];
begin
  for round in 1..2 loop  -- closing waits for whoever just uses a link: then it has opened a session
    with done as (
      update sessions set ended_at = moment where user_id = who and id <> kept and ended_at is null returning id)
    select coalesce(array_agg(id), '{}') into more from done;
    ended := ended || more;
    perform _close_links(who);
  end loop;
  return ended;
end $$;

-- As in 0002, but for the links, and for the ended sessions in the answer.
create or replace function set_sign_in(
  who bigint, session uuid, new_email text, new_hash text, verified_hash text, taken_limits text,
  moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); self bigint := _self_group(who); wait_ms bigint;
  stored text; entry logged; ended uuid[] := '{}';
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
    ended := _end_others(who, session, at_now);
  end if;
  entry := _append(self, null, json_build_object('type', 'sign_in_changed', 'email', new_email));
  return row(jsonb_build_object('email', new_email, 'ended', ended), array[entry])::outcome;
end $$;

-- As in 0002, but for the links.
create or replace function rotate_session(
  session uuid, used_generation bigint, unused_seconds bigint, moment timestamptz)
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
  perform _close_links(known.user_id);
  return _refused('invalid_refresh');
end $$;

create or replace function end_session(who bigint, session uuid, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  update sessions set ended_at = coalesce(moment, clock_timestamp())
    where id = session and user_id = who and ended_at is null;
  if found then perform _close_links(who); end if;
  return row(null, null)::outcome;
end $$;

-- As in 0002, but not for a session that has ended: a server that has not heard of it yet would let it ask.
drop function create_sign_in_link(bigint, bytea, bigint, timestamptz);
create function create_sign_in_link(
  who bigint, session uuid, link_mac bytea, open_seconds bigint, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp());
begin
  perform 1 from users where id = who for no key update;
  perform 1 from sessions where id = session and user_id = who and ended_at is null for share;
  if not found then perform _fail('unauthorized'); end if;
  delete from sign_in_links where user_id = who and (used_at is not null or expires_at < at_now);
  delete from sign_in_links where mac in (
    select mac from sign_in_links where user_id = who order by expires_at desc offset 9);
  insert into sign_in_links(mac, user_id, expires_at)
    values (link_mac, who, at_now + make_interval(secs => open_seconds));
  return row(null, null)::outcome;
end $$;
