-- One's account: an address that was verified, a password by mail, devices by name, a profile. Letters go by the
-- outbox (0020); the secret of a link in one is made when it is sent, and only its HMAC is stored.

alter table users
  add language text check (length(language) <= 16),    -- null = as the browser says
  add time_zone text check (length(time_zone) <= 64);
alter table credentials add verified_at timestamptz;
alter table sessions add device text check (length(device) <= 60);  -- "Firefox, Linux": words of ours
alter table sign_in_links
  add handed_by bigint references users,               -- by whoever ran this club (0033); null: made on one's own device
  add handed_in bigint references groups;

create table mail_links(
  mac bytea primary key,
  kind text not null check (kind in ('verify', 'reset')),
  user_id bigint not null references users,
  email text not null,
  expires_at timestamptz not null);
create index mail_links_of_user on mail_links(user_id, expires_at);

create table passkeys(
  id bytea primary key check (length(id) <= 1023),     -- named by the authenticator
  user_id bigint not null references users,
  public_key bytea not null check (length(public_key) <= 2000),
  sign_count bigint not null,
  name text not null check (length(name) between 1 and 60),
  created_at timestamptz not null,
  used_at timestamptz not null);
create index passkeys_of_user on passkeys(user_id);

-- Whether somebody gets back in without a device that is signed in: what an owner needs.
create or replace function _can_sign_in(who bigint) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select exists (select 1 from credentials where user_id = who) or exists (select 1 from passkeys where user_id = who) $$;

-- --- devices --------------------------------------------------------------------------------------------------

-- As in 0002, with what the device is called.
drop function _open_session(bigint, uuid, timestamptz);
create function _open_session(who bigint, session uuid, moment timestamptz, device text default null) returns jsonb
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  insert into sessions(id, user_id, rotated_at, created_at, used_at, device)
    values (session, who, moment, moment, moment, device);
  update sessions set ended_at = moment where id = any(array(
    select id from sessions where user_id = who and ended_at is null and id <> session
    order by used_at desc offset 49 for update skip locked));
  delete from sessions where id = any(array(
    select id from sessions where ended_at < moment - interval '1 day' order by ended_at limit 20 for update skip locked));
  delete from sessions where id = any(array(
    select id from sessions where used_at < moment - interval '400 days' order by used_at limit 20 for update skip locked));
  return _signed_in(who, session, 0);
end $$;

create function my_sessions(who bigint, unused_seconds bigint, moment timestamptz)
returns table(id uuid, device text, created_at timestamptz, used_at timestamptz)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select s.id, s.device, s.created_at, s.used_at from sessions s
  where s.user_id = who and s.ended_at is null
    and s.used_at >= coalesce(moment, clock_timestamp()) - make_interval(secs => unused_seconds)
  order by s.used_at desc $$;

-- Signs out one device (`which`), or all of them but `kept` (null: all). Open sign-in links are closed with it.
create function end_sessions(who bigint, which uuid, kept uuid, moment timestamptz) returns outcome
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); ended uuid[];
begin
  if which is null then
    ended := _end_others(who, coalesce(kept, gen_random_uuid()), at_now);
  else
    update sessions set ended_at = at_now where user_id = who and id = which and ended_at is null;
    if not found then perform _fail('not_found'); end if;
    perform _close_links(who);
    ended := array[which];
  end if;
  return row(jsonb_build_object('ended', ended), null)::outcome;
end $$;

-- As in 0002, 0010 and 0012, with what the device is called, and the letter that asks whether the address is right.
drop function _make_account(text, text, text, text, uuid, timestamptz);
create function _make_account(
  sub text, name text, email text, password_hash text, session uuid, moment timestamptz, device text, language text)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare who bigint; self bigint; entry logged;
begin
  insert into users(sub, name, created_at) values (sub, name, moment) returning id into who;
  if email is not null then
    insert into credentials(user_id, email, password_hash, changed_at) values (who, email, password_hash, moment);
    perform _send_mail(email, 'verify', language, null, null, moment);
  end if;
  insert into groups(kind, name) values ('self', name) returning id into self;
  entry := _append(self, null, json_build_object('type', 'account_created', 'user', sub, 'name', name), joined => who);
  insert into memberships(group_id, user_id, role, since_seq, from_seq) values (self, who, 'owner', entry.seq, 1);
  return row(_open_session(who, session, moment, device), array[entry])::outcome;
end $$;

drop function create_account(uuid, text, text, text, text, uuid, text, text, timestamptz);
create function create_account(
  account_key uuid, sub text, name text, email text, password_hash text, session uuid,
  limits text, taken_limits text, device text, language text, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); again jsonb; wait_ms bigint; made outcome;
begin
  again := _account_of_key(account_key, name, email, at_now);
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
        return row(_account_of_key(account_key, name, email, at_now), null)::outcome;
      end if;
    end if;
    made := _make_account(sub, name, email, password_hash, session, at_now, device, language);
  exception when unique_violation then
    perform _count(taken_limits, at_now);
    return _refused('address_taken');
  end;
  perform _count(limits, at_now);
  return made;
end $$;

drop function open_again(bigint, text, uuid, timestamptz);
create function open_again(who bigint, verified_hash text, session uuid, device text, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare stored text;
begin
  select password_hash into stored from credentials where user_id = who for share;
  if stored is distinct from verified_hash then perform _fail('id_conflict'); end if;
  return row(_open_session(who, session, coalesce(moment, clock_timestamp()), device)
    || jsonb_build_object('repeated', true), null)::outcome;
end $$;

drop function sign_in(bigint, text, uuid, text, timestamptz);
create function sign_in(who bigint, verified_hash text, session uuid, limits text, device text, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp());
begin
  perform 1 from credentials where user_id = who and password_hash = verified_hash for share;
  if not found then perform _fail('wrong_sign_in'); end if;
  perform _forgive(limits);
  return row(_open_session(who, session, at_now, device), null)::outcome;
end $$;

-- As in 0002, and what was handed over is judged again when it is used.
drop function sign_in_by_link(bytea[], uuid, text, timestamptz);
create function sign_in_by_link(
  link_macs bytea[], session uuid, address_limits text, device text, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); wait_ms bigint; link sign_in_links; who bigint;
begin
  wait_ms := _wait(address_limits, at_now);
  if wait_ms is not null then return _refused('rate_limited', wait_ms); end if;
  select * into link from sign_in_links where mac = any(link_macs);
  if link.handed_by is not null then
    perform _lock(array[_self_group(link.user_id), link.handed_in]);
  end if;
  if link.handed_by is null or _may_be_handed(link.handed_by, link.handed_in, link.user_id) then
    update sign_in_links set used_at = at_now
      where mac = link.mac and used_at is null and expires_at > at_now returning user_id into who;
  end if;
  if who is null then
    perform _count(address_limits, at_now);
    return _refused('wrong_sign_in');
  end if;
  return row(_open_session(who, session, at_now, device), null)::outcome;
end $$;

-- --- address and password -------------------------------------------------------------------------------------

-- As in 0010, but the new address is asked whether it is right, and whoever had the account so far is told. `limits`
-- hold new addresses alone: each may be a stranger's, who gets a letter.
drop function set_sign_in(bigint, uuid, text, text, text, text, timestamptz);
create function set_sign_in(
  who bigint, session uuid, new_email text, new_hash text, verified_hash text, taken_limits text, limits text,
  language text, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); self bigint := _self_group(who); wait_ms bigint;
  before credentials; entry logged; ended uuid[] := '{}';
begin
  wait_ms := _wait(taken_limits, at_now);
  if wait_ms is not null then return _refused('rate_limited', wait_ms); end if;
  wait_ms := _wait(limits, at_now);
  perform _lock(array[self]);
  select * into before from credentials where user_id = who;
  if before.password_hash is distinct from verified_hash then perform _fail('wrong_sign_in'); end if;
  if before.email is distinct from new_email then
    if wait_ms is not null then return _refused('rate_limited', wait_ms); end if;
    perform _count(limits, at_now);
  end if;
  begin
    insert into credentials as c (user_id, email, password_hash, changed_at) values (who, new_email, new_hash, at_now)
      on conflict (user_id) do update
      set email = excluded.email, password_hash = excluded.password_hash, changed_at = excluded.changed_at,
        verified_at = case when c.email = excluded.email then c.verified_at end;
  exception when unique_violation then
    perform _count(taken_limits, at_now);
    return _refused('address_taken');
  end;
  if before.user_id is not null then  -- whoever changes the password may do so because somebody else knows it
    ended := _end_others(who, session, at_now);
    delete from mail_links where user_id = who and (kind = 'reset' or email <> new_email);
    perform _tell(who, before.email,
      case when before.email = new_email then 'password_changed' else 'address_changed' end, language, at_now);
  end if;
  if before.email is distinct from new_email then
    perform _send_mail(new_email, 'verify', language, null, null, at_now);
  end if;
  -- asked for anew: who has left for good meanwhile has none
  entry := _append(_self_group(who), null, json_build_object('type', 'sign_in_changed', 'email', new_email));
  return row(jsonb_build_object('email', new_email, 'ended', ended), array[entry])::outcome;
end $$;

-- A letter without a link, in the language that the person has chosen.
create function _tell(who bigint, to_address text, template text, language text, moment timestamptz) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  select _send_mail(to_address, template, coalesce(u.language, _tell.language), jsonb_build_object('name', u.name),
    null, moment) from users u where u.id = who and to_address is not null $$;

-- The question once more.
create function ask_verification(who bigint, limits text, language text, moment timestamptz) returns outcome
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); wait_ms bigint; known credentials;
begin
  wait_ms := _wait(limits, at_now);
  if wait_ms is not null then return _refused('rate_limited', wait_ms); end if;
  select * into known from credentials where user_id = who;
  if known.user_id is null then perform _fail('not_found'); end if;
  if known.verified_at is null then
    perform _count(limits, at_now);
    perform _send_mail(known.email, 'verify', language, null, null, at_now);
  end if;
  return row('{}', null)::outcome;
end $$;

-- One and the same for an address that somebody has and one that nobody has: whose it is, is looked up only when the
-- letter is sent.
create function ask_password(email text, limits text, language text, moment timestamptz) returns outcome
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); wait_ms bigint;
begin
  wait_ms := _wait(limits, at_now);
  if wait_ms is not null then return _refused('rate_limited', wait_ms); end if;
  perform _count(limits, at_now);
  perform _send_mail(email, 'reset', language, null, null, at_now);
  return row('{}', null)::outcome;
end $$;

-- When such a letter is sent: whom it is for, if anybody, and the link in it is good from now on. At most ten new
-- passwords are offered to one person a day, whoever asks for them.
create function open_mail_link(letter bigint, link_mac bytea, moment timestamptz) returns jsonb
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); asked outbox; known credentials; person users;
  limits text;
begin
  select * into asked from outbox where id = letter and done_at is null;
  select * into known from credentials where email = asked.address;
  if known.user_id is null or asked.template = 'verify' and known.verified_at is not null then return null; end if;
  if asked.template = 'reset' then
    limits := jsonb_build_array(jsonb_build_object(
      'kind', 'reset_mail', 'whom', known.user_id::text, 'most', 10, 'seconds', 86400))::text;
    if _wait(limits, at_now) is not null then return null; end if;
    perform _count(limits, at_now);
  end if;
  select * into person from users where id = known.user_id for no key update;
  delete from mail_links where user_id = person.id and expires_at < at_now;
  delete from mail_links where mac in (
    select mac from mail_links where user_id = person.id order by expires_at desc offset 19);
  insert into mail_links(mac, kind, user_id, email, expires_at) values (link_mac, asked.template, person.id, known.email,
    at_now + case asked.template when 'verify' then interval '2 days' else interval '30 minutes' end);
  return jsonb_build_object('name', person.name, 'language', coalesce(person.language, asked.language));
end $$;

-- The person whose address it still is; null = the link opens nothing.
create function _of_mail_link(macs bytea[], kind_of text, moment timestamptz) returns bigint
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select l.user_id from mail_links l join credentials c on c.user_id = l.user_id and c.email = l.email
  where l.mac = any(macs) and l.kind = kind_of and l.expires_at > moment $$;

-- Opened twice, the link says the same twice.
create function verify_email(macs bytea[], limits text, moment timestamptz) returns outcome
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); wait_ms bigint; who bigint; log logged[];
begin
  wait_ms := _wait(limits, at_now);
  if wait_ms is not null then return _refused('rate_limited', wait_ms); end if;
  who := _of_mail_link(macs, 'verify', at_now);
  perform _lock(array[_self_group(who)]);
  who := _of_mail_link(macs, 'verify', at_now);
  if who is null then
    perform _count(limits, at_now);
    return _refused('wrong_sign_in');
  end if;
  return row((select jsonb_build_object('email', email) from credentials where user_id = who),
    _verified(who, at_now))::outcome;
end $$;

-- Of somebody whose self group is locked.
create function _verified(who bigint, moment timestamptz) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare known text;
begin
  update credentials set verified_at = moment where user_id = who and verified_at is null returning email into known;
  if known is null then return null; end if;
  return array[_append(_self_group(who), null, json_build_object('type', 'email_verified', 'email', known))];
end $$;

-- A new password by a link that was mailed: every device is signed out, this one is signed in. Where the address was
-- never verified a stranger may have made the account with it: then their passkeys go, too.
create function reset_password(
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
  if known.verified_at is null then delete from passkeys where user_id = who; end if;
  update credentials set password_hash = new_hash, changed_at = at_now where user_id = who;
  log := _verified(who, at_now);
  ended := _end_others(who, session, at_now);
  perform _tell(who, known.email, 'password_reset', language, at_now);
  return row(_open_session(who, session, at_now, device) || jsonb_build_object('ended', ended), log)::outcome;
end $$;

-- --- profile --------------------------------------------------------------------------------------------------

-- Every group that somebody is or was in, with them locked (their self group is among them: nobody lets them into one
-- more meanwhile).
create function _lock_everywhere(who bigint) returns bigint[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare known bigint[] := array(select distinct group_id from memberships where user_id = who order by group_id);
begin
  perform _lock(known);
  if known <> array(select distinct group_id from memberships where user_id = who order by group_id) then
    perform _fail('unavailable', '200');  -- let in by somebody in this very moment: asked again, all is well
  end if;
  return known;
end $$;

-- Finds again what a log says of a person's name.
create function _person_target(sub text) returns uuid
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select md5('person ' || sub)::uuid $$;

-- Told in every group of these that they are called otherwise now; in their own log it is part of the profile.
create function _tell_name(person users, everywhere bigint[]) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare self bigint := _self_group(person.id); g bigint; log logged[] := '{}';
begin
  update groups set name = person.name where id = self;
  foreach g in array everywhere loop
    continue when g = self;
    log := log || _append(g, _person_target(person.sub),
      json_build_object('type', 'person_renamed', 'user', person.sub, 'name', person.name));
  end loop;
  return log;
end $$;

create function _tell_profile(person users) returns logged
language sql security definer set search_path = clubroom, pg_temp as $$
  select _append(_self_group(person.id), _person_target(person.sub), json_strip_nulls(json_build_object(
    'type', 'profile_changed', 'user', person.sub, 'name', person.name, 'time_zone', person.time_zone,
    'language', person.language))) $$;

-- What changes, as JSON of {"name", "time_zone", "language"}; what is not named stays.
create function change_profile(who bigint, changes text, limits text, moment timestamptz) returns outcome
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); wait_ms bigint; said jsonb := changes::jsonb;
  before users; after users; self bigint := _self_group(who); everywhere bigint[]; log logged[] := '{}';
begin
  if said ? 'name' then
    wait_ms := _wait(limits, at_now);
    if wait_ms is not null then return _refused('rate_limited', wait_ms); end if;
    everywhere := _lock_everywhere(who);
  else
    perform _lock(array[self]);
  end if;
  select * into before from users where id = who;
  update users set name = coalesce(said ->> 'name', name),
    time_zone = case when said ? 'time_zone' then said ->> 'time_zone' else time_zone end,
    language = case when said ? 'language' then said ->> 'language' else language end
    where id = who returning * into after;
  if before = after then return row('{}', null)::outcome; end if;
  if before.name <> after.name then
    perform _count(limits, at_now);
    log := _tell_name(after, everywhere);
  end if;
  return row('{}', log || _tell_profile(after))::outcome;
end $$;

drop function me(bigint);
create function me(who bigint)
returns table(sub text, name text, email text, email_verified boolean, time_zone text, language text, passkeys bigint)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select u.sub, u.name, c.email, c.verified_at is not null, u.time_zone, u.language,
    (select count(*) from passkeys p where p.user_id = who)
  from users u left join credentials c on c.user_id = u.id where u.id = who $$;
