-- What leaves this place: mail now; pushes and webhooks can join. A row is written in the transaction that causes it,
-- and sent by a job of every server. Whoever takes a row has it for `lease_seconds`; if they are killed between the
-- call and the mark it is sent once more after that, and nothing is lost.
--
-- For other migrations, in the transaction of a command:
--   _send_mail(to_address text, template text, language text, params jsonb, sealed bytea, moment timestamptz)
--     returns bigint   -- the row, or null where too much waits already: the caller decides whether that fails it
--   template  a name of notification/letters; params  what its words need, {"name": "Ann"}, never a secret
--   language  "en", "de"; null or one without words = English
--   sealed    the secret behind the # of the letter's link, made by keys.Keys.seal_link(secret, to_address): neither
--             the database nor a log holds a link that opens anything. Null = the letter has no link, or one that is
--             made when it is sent (`verify`, `reset`)
--   moment    null = now
-- _outbox_told(row) says what became of it: 'waits', 'sent', or why it was given up; null = forgotten.

create table outbox(
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('mail')),
  address text,                              -- whose it is; null once it is sent
  template text not null check (length(template) between 1 and 40),
  language text not null,
  params jsonb not null check (length(params::text) <= 4000),
  sealed bytea check (length(sealed) <= 400),
  created_at timestamptz not null,
  due_at timestamptz not null,
  tries int not null default 0,
  done_at timestamptz,                       -- sent or given up
  failed text) with (fillfactor = 70);       -- the last reason, a word of ours
create index outbox_due on outbox(due_at) where done_at is null;
create index outbox_done on outbox(done_at) where done_at is not null;
create index outbox_to on outbox(address) where done_at is null;

-- So many may wait in all, and so many for one address: whatever goes on asking fills neither disk nor mailbox.
create function _send_mail(
  to_address text, template text, language text, params jsonb, sealed bytea, moment timestamptz)
returns bigint language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); made bigint;
begin
  if (select count(*) from (select 1 from outbox where done_at is null limit 10000) o) >= 10000
     or (select count(*) from outbox where address = to_address and done_at is null) >= 20 then
    return null;
  end if;
  insert into outbox(kind, address, template, language, params, sealed, created_at, due_at)
    values ('mail', to_address, template, coalesce(language, 'en'), coalesce(params, '{}'), sealed, at_now, at_now)
    returning id into made;
  return made;
end $$;

create function _outbox_told(letter bigint) returns text
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select case when done_at is null then 'waits' else coalesce(failed, 'sent') end from outbox where id = letter $$;

-- The next one that is due, for `lease_seconds`. `openers`: the names of the keys that this server opens seals with;
-- what another one has sealed is left to others. What was done a week ago is forgotten.
create function take_outbox(openers bytea[], lease_seconds int, moment timestamptz)
returns table(id bigint, address text, template text, language text, params jsonb, sealed bytea, tries int,
  created_at timestamptz)
language plpgsql security definer set search_path = clubroom, pg_temp as $$
#variable_conflict use_column
declare at_now timestamptz := coalesce(moment, clock_timestamp()); next_id bigint;
begin
  delete from outbox where id = any(array(select o.id from outbox o
    where o.done_at < at_now - interval '7 days' order by o.done_at limit 20 for update skip locked));
  select o.id into next_id from outbox o
    where o.done_at is null and o.due_at <= at_now and (o.sealed is null or substr(o.sealed, 1, 8) = any(openers))
    order by o.due_at limit 1 for update skip locked;
  if next_id is null then return; end if;
  return query update outbox o set due_at = at_now + make_interval(secs => lease_seconds), tries = o.tries + 1
    where o.id = next_id
    returning o.id, o.address, o.template, o.language, o.params, o.sealed, o.tries, o.created_at;
end $$;

-- Sent, or given up for a `reason`. Whom it was for, and what it said, is not kept.
create function close_outbox(letter bigint, reason text, moment timestamptz) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  update outbox set done_at = coalesce(moment, clock_timestamp()), failed = reason,
    address = null, params = '{}', sealed = null where id = letter and done_at is null $$;

-- It did not go out, and is tried again.
create function postpone_outbox(letter bigint, reason text, wait_seconds int, moment timestamptz) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  update outbox set due_at = coalesce(moment, clock_timestamp()) + make_interval(secs => wait_seconds), failed = reason
    where id = letter and done_at is null $$;
