-- Somebody whom an issuer vouches for: an identity is (issuer, sub). One account may have several; one identity belongs to
-- one account. What the issuer says is verified before it comes here (ports/identity/oidc.py); no token of it is stored.

create table identities(
  id bigint generated always as identity primary key,
  issuer text not null check (length(issuer) between 1 and 300),
  sub text not null check (length(sub) between 1 and 255),
  user_id bigint not null references users,
  created_at timestamptz not null,
  used_at timestamptz not null,
  unique (issuer, sub));
create index identities_of_user on identities(user_id);

-- An address may be there without a password: the issuer vouched for it. Then `vouched_by` names the issuer, and no
-- letter of ours was opened: letters go there, but nobody is let into the account by the address.
alter table credentials
  alter column password_hash drop not null,
  add vouched_by text check (length(vouched_by) <= 300);

-- By which issuer's session a device was opened; null = by a way of our own.
alter table sessions
  add issuer text check (length(issuer) <= 300),
  add issuer_sub text check (length(issuer_sub) <= 255),
  add issuer_sid text check (length(issuer_sid) <= 255);
create index sessions_of_issuer on sessions(issuer, issuer_sub) where issuer is not null and ended_at is null;
create index sessions_of_issuers_session on sessions(issuer, issuer_sid) where issuer_sid is not null and ended_at is null;

-- As in 0021: an address alone opens nothing, an identity does. Of whichever issuer: whoever has one is somebody whom
-- nobody else lets in, and may run a club.
create or replace function _can_sign_in(who bigint) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select exists (select 1 from credentials where user_id = who and password_hash is not null)
    or exists (select 1 from passkeys where user_id = who) or exists (select 1 from identities where user_id = who) $$;

-- Whether somebody gets in today, before a way in is taken away: by an identity only if the host still names its
-- issuer. `its_issuer` null = the host names none; `only_issuer`: nothing else lets anybody in.
create function _can_sign_in_by(who bigint, its_issuer text, only_issuer boolean) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select exists (select 1 from identities where user_id = who and issuer = its_issuer)
    or not only_issuer and (exists (select 1 from credentials where user_id = who and password_hash is not null)
      or exists (select 1 from passkeys where user_id = who)) $$;

-- As in 0022, by the issuer that there is now. Where nobody gets in by a passkey none is anybody's last way in.
drop function remove_passkey(bigint, bytea);
create function remove_passkey(who bigint, passkey bytea, its_issuer text) returns outcome
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  perform _lock(array[_self_group(who)]);
  delete from passkeys where id = passkey and user_id = who;
  if not found then perform _fail('not_found'); end if;
  if not _can_sign_in_by(who, its_issuer, false) and exists (
      select 1 from memberships m join groups g on g.id = m.group_id
      where m.user_id = who and m.to_seq is null and g.kind = 'club' and m.role <> 'member') then
    perform _fail('sign_in_needed');
  end if;
  return row('{}', array[_passkeys_changed(who)])::outcome;
end $$;

create function _identities_changed(who bigint) returns logged
language sql security definer set search_path = clubroom, pg_temp as $$
  select _append(_self_group(who), null, json_build_object('type', 'identities_changed',
    'identities', (select count(*) from identities where user_id = who))) $$;

-- Whoever comes by the same identity twice at once comes one after the other. Before any group is locked (L3).
create function _lock_identity(its_issuer text, its_sub text) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  select pg_advisory_xact_lock(hashtextextended('identity ' || its_issuer || ' ' || its_sub, 0)) $$;

create function _add_identity(
  who bigint, its_issuer text, its_sub text, identities_max int, language text, moment timestamptz) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  if (select count(*) from identities where user_id = who) >= identities_max then perform _fail('full'); end if;
  insert into identities(issuer, sub, user_id, created_at, used_at) values (its_issuer, its_sub, who, moment, moment);
  perform _tell(who, (select email from credentials where user_id = who), 'identity_added', language, moment);
  return array[_identities_changed(who)];
end $$;

-- Whom an address leads to: whoever has said by a letter of ours that it is right. Who signed up with somebody else's
-- address has not, and gets nothing by it; nor has whoever the issuer vouched for, whose mailbox may be another's by
-- now. An account that an identity of this issuer leads to is known by that: the address of another identity of it
-- has moved on.
create function _of_confirmed_email(asked text, its_issuer text) returns bigint
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select c.user_id from credentials c
  where c.email = asked and c.verified_at is not null and c.vouched_by is null
    and not exists (select 1 from identities i where i.user_id = c.user_id and i.issuer = its_issuer) $$;

-- As in 0021, and whom an issuer has vouched for has now opened a letter of ours.
create or replace function _verified(who bigint, moment timestamptz) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare known text;
begin
  update credentials set vouched_by = null where user_id = who and vouched_by is not null;
  update credentials set verified_at = moment where user_id = who and verified_at is null returning email into known;
  if known is null then return null; end if;
  return array[_append(_self_group(who), null, json_build_object('type', 'email_verified', 'email', known))];
end $$;

-- Before the code is exchanged: whatever comes of it, a round trip ends here. Refused when it had ended before.
create function use_round_trip(challenge bytea, limits text, moment timestamptz) returns outcome
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); wait_ms bigint := _wait(limits, at_now);
begin
  if wait_ms is not null then return _refused('rate_limited', wait_ms); end if;
  perform _use_challenge(challenge, at_now);
  perform _count(limits, at_now);
  return row('{}', null)::outcome;
end $$;

-- A new person. They are known by the issuer's name for them where that can be, else by the spare one.
create function _make_account_of_identity(
  its_issuer text, its_sub text, verified_email text, wanted_user text, spare_user text, called text, session uuid,
  device text, language text, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare made outcome; who bigint; free boolean;
begin
  free := wanted_user is not null and not exists (select 1 from users where sub = wanted_user);
  made := _make_account(case when free then wanted_user else spare_user end, called, null, null, session, moment,
    device, language);
  who := (made.result ->> 'key')::bigint;
  insert into identities(issuer, sub, user_id, created_at, used_at) values (its_issuer, its_sub, who, moment, moment);
  if verified_email is not null then
    insert into credentials(user_id, email, password_hash, changed_at, verified_at, vouched_by)
      values (who, verified_email, null, moment, moment, its_issuer) on conflict do nothing;  -- whoever has it keeps it
  end if;
  made.result := made.result || jsonb_build_object('made', true);
  return made;
end $$;

-- After an ID token that is right: a new device of whoever has this identity, else of whoever has the same address,
-- confirmed on both sides, else of somebody new.
create function sign_in_by_identity(
  its_issuer text, its_sub text, its_sid text, verified_email text, wanted_user text, spare_user text, called text,
  session uuid, identities_max int, limits text, device text, language text, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); who bigint; wait_ms bigint; opened outcome;
begin
  perform _lock_identity(its_issuer, its_sub);
  update identities set used_at = at_now where issuer = its_issuer and sub = its_sub returning user_id into who;
  if who is null and _of_confirmed_email(verified_email, its_issuer) is not null then
    perform _lock(array[_self_group(_of_confirmed_email(verified_email, its_issuer))]);
    who := _of_confirmed_email(verified_email, its_issuer);
    if who is not null then
      opened.log := _add_identity(who, its_issuer, its_sub, identities_max, language, at_now);
    end if;
  end if;
  if who is null then
    wait_ms := _wait(limits, at_now);
    if wait_ms is not null then return _refused('rate_limited', wait_ms); end if;
    perform _count(limits, at_now);
    opened := _make_account_of_identity(its_issuer, its_sub, verified_email, wanted_user, spare_user, called, session,
      device, language, at_now);
  else
    opened.result := _open_session(who, session, at_now, device);
  end if;
  update sessions set issuer = its_issuer, issuer_sub = its_sub, issuer_sid = its_sid where id = session;
  return opened;
end $$;

-- By somebody who is signed in. What is theirs already stays so.
create function connect_identity(
  who bigint, its_issuer text, its_sub text, identities_max int, language text, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); owner bigint; self bigint := _self_group(who);
begin
  perform _lock_identity(its_issuer, its_sub);
  if self is null then perform _fail('unauthorized'); end if;
  perform _lock(array[self]);
  select user_id into owner from identities where issuer = its_issuer and sub = its_sub;
  if owner = who then return row('{}', null)::outcome; end if;
  if owner is not null then perform _fail('id_conflict'); end if;
  return row('{}', _add_identity(who, its_issuer, its_sub, identities_max, language, at_now))::outcome;
end $$;

-- Another way in stays.
create function disconnect_identity(who bigint, identity bigint, its_issuer text, only_issuer boolean) returns outcome
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  perform _lock(array[_self_group(who)]);
  delete from identities where id = identity and user_id = who;
  if not found then perform _fail('not_found'); end if;
  if not _can_sign_in_by(who, its_issuer, only_issuer) then perform _fail('sign_in_needed'); end if;
  return row('{}', array[_identities_changed(who)])::outcome;
end $$;

create function my_identities(who bigint) returns table(id bigint, issuer text, created_at timestamptz, used_at timestamptz)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select id, issuer, created_at, used_at from identities where user_id = who order by created_at, id $$;

-- By which issuer's session this device was opened.
create function issuer_of_session(who bigint, session uuid) returns table(issuer text, sid text)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select issuer, issuer_sid from sessions where id = session and user_id = who and issuer is not null $$;

-- The issuer says that somebody has signed out there: of one session of theirs, or of all (its_sid null). Said again,
-- it is refused, for it would end what was opened since.
create function end_sessions_of_issuer(
  its_issuer text, its_sub text, its_sid text, challenge bytea, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); ended uuid[]; whose bigint[];
begin
  perform _use_challenge(challenge, at_now);
  with over as (
    update sessions set ended_at = at_now where issuer = its_issuer and ended_at is null
      and (its_sub is null or issuer_sub = its_sub) and (its_sid is null or issuer_sid = its_sid)
      and (its_sub is not null or its_sid is not null)
    returning id, user_id)
  select array_agg(id), array_agg(distinct user_id) into ended, whose from over;
  perform _close_links(one) from unnest(whose) one;
  return row(jsonb_build_object('ended', coalesce(ended, '{}')), null)::outcome;
end $$;

-- As in 0021; where the address was never confirmed, a stranger's identities go with their passkeys.
create or replace function reset_password(
  macs bytea[], new_hash text, session uuid, limits text, device text, language text, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); wait_ms bigint; who bigint; known credentials;
  ended uuid[]; log logged[];
begin
  wait_ms := _wait(limits, at_now);
  if wait_ms is not null then return _refused('rate_limited', wait_ms); end if;
  perform _lock(array[_self_group(_of_mail_link(macs, 'reset', at_now))]);
  who := _of_mail_link(macs, 'reset', at_now);
  if who is null then
    perform _count(limits, at_now);
    return _refused('wrong_sign_in');
  end if;
  delete from mail_links where user_id = who and kind = 'reset';
  select * into known from credentials where user_id = who;
  if known.verified_at is null then
    delete from passkeys where user_id = who;
    delete from identities where user_id = who;
  end if;
  update credentials set password_hash = new_hash, changed_at = at_now where user_id = who;
  log := _verified(who, at_now);
  ended := _end_others(who, session, at_now);
  perform _tell(who, known.email, 'password_reset', language, at_now);
  return row(_open_session(who, session, at_now, device) || jsonb_build_object('ended', ended), log)::outcome;
end $$;

-- As in 0023, but an address without a password proves nothing.
create or replace function leaving(who bigint) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object(
    'clubs', (select coalesce(jsonb_agg(jsonb_build_object('group', id, 'name', name) order by id), '[]')
      from groups where id = any(_last_owner_of(who))),
    'proof', case when exists (select 1 from credentials where user_id = who and password_hash is not null) then 'password'
      when exists (select 1 from passkeys where user_id = who) then 'passkey' else 'name' end) $$;

create function _identities_go() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  delete from identities where user_id = new.id;
  return null;
end $$;
create trigger identities_go after update of gone_at on users
  for each row when (new.gone_at is not null) execute function _identities_go();

drop function me(bigint);
create function me(who bigint)
returns table(sub text, name text, email text, email_verified boolean, time_zone text, language text, passkeys bigint,
  invisible boolean, password boolean, identities bigint)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select u.sub, u.name, c.email, c.verified_at is not null, u.time_zone, u.language,
    (select count(*) from passkeys p where p.user_id = who), u.invisible, c.password_hash is not null,
    (select count(*) from identities i where i.user_id = who)
  from users u left join credentials c on c.user_id = u.id where u.id = who $$;

alter function my_data(bigint) rename to _my_data_of_drafts;
create function my_data(who bigint) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select _my_data_of_drafts(who) || jsonb_build_object(
    'identities', (select coalesce(jsonb_agg(jsonb_build_object('issuer', i.issuer, 'sub', i.sub,
        'connected_at', _rfc3339(i.created_at), 'used_at', _rfc3339(i.used_at)) order by i.created_at, i.id), '[]')
      from identities i where i.user_id = who)) $$;
