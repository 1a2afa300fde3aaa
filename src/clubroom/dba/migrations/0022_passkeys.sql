-- Passkeys: a key that a phone, a computer or a stick keeps, instead of a password. Challenges are made and checked by
-- the server's own HMAC (auth/account/passkeys.py); here stands only which were used, until they run out.

create table used_challenges(
  challenge bytea primary key check (length(challenge) <= 128),
  expires_at timestamptz not null);
create index used_challenges_age on used_challenges(expires_at);

create function _use_challenge(used bytea, moment timestamptz) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  delete from used_challenges where challenge = any(array(
    select challenge from used_challenges where expires_at < moment order by expires_at limit 20 for update skip locked));
  insert into used_challenges(challenge, expires_at) values (used, moment + interval '10 minutes') on conflict do nothing;
  if not found then perform _fail('wrong_sign_in'); end if;
end $$;

create function _passkeys_changed(who bigint) returns logged
language sql security definer set search_path = clubroom, pg_temp as $$
  select _append(_self_group(who), null, json_build_object('type', 'passkeys_changed',
    'passkeys', (select count(*) from passkeys where user_id = who))) $$;

create function add_passkey(
  who bigint, passkey bytea, key_bytes bytea, count_now bigint, passkey_name text, challenge bytea, passkeys_max int,
  language text, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp());
begin
  perform _lock(array[_self_group(who)]);
  perform _use_challenge(challenge, at_now);
  if (select count(*) from passkeys where user_id = who) >= passkeys_max then perform _fail('full'); end if;
  insert into passkeys(id, user_id, public_key, sign_count, name, created_at, used_at)
    values (passkey, who, key_bytes, count_now, passkey_name, at_now, at_now) on conflict do nothing;
  if not found then perform _fail('id_conflict'); end if;
  perform _tell(who, (select email from credentials where user_id = who), 'passkey_added', language, at_now);
  return row('{}', array[_passkeys_changed(who)])::outcome;
end $$;

-- Whoever runs a club keeps a way back in.
create function remove_passkey(who bigint, passkey bytea) returns outcome
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  perform _lock(array[_self_group(who)]);
  delete from passkeys where id = passkey and user_id = who;
  if not found then perform _fail('not_found'); end if;
  if not _can_sign_in(who) and exists (select 1 from memberships m join groups g on g.id = m.group_id
      where m.user_id = who and m.to_seq is null and g.kind = 'club' and m.role <> 'member') then
    perform _fail('sign_in_needed');
  end if;
  return row('{}', array[_passkeys_changed(who)])::outcome;
end $$;

create function my_passkeys(who bigint)
returns table(id bytea, name text, created_at timestamptz, used_at timestamptz)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select id, name, created_at, used_at from passkeys where user_id = who order by created_at, id $$;

-- What a signature is verified against.
create function passkey_by_id(passkey bytea) returns table(user_id bigint, public_key bytea, sign_count bigint)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select user_id, public_key, sign_count from passkeys where id = passkey $$;

-- After a right signature: a new device.
create function sign_in_by_passkey(
  passkey bytea, count_now bigint, challenge bytea, session uuid, device text, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); who bigint;
begin
  perform _use_challenge(challenge, at_now);
  update passkeys set sign_count = count_now, used_at = at_now where id = passkey returning user_id into who;
  if who is null then perform _fail('wrong_sign_in'); end if;  -- removed meanwhile
  return row(_open_session(who, session, at_now, device), null)::outcome;
end $$;
