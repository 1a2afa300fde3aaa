-- What is to be handed to sockets that are held elsewhere: a row in the commit of whatever goes into the log, so that
-- a function that is killed behind its commit leaves word of it. Only where functions serve, which the owner says by
-- set_forwarding: a server that holds its sockets itself hears of its own commits, and writes no such rows.

create table forwards(
  id bigint generated always as identity primary key,
  group_id bigint not null,
  first bigint not null,                     -- the actions `first` to `last` of this group
  last bigint not null,
  at timestamptz not null,
  leased_until timestamptz);                 -- somebody is handing them on; after that somebody else may
create index forwards_at on forwards(at);

-- What is brought in from elsewhere with its old times is fetched by whoever wants it.
create function _forward() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  insert into forwards(group_id, first, last, at)
    select group_id, min(seq), max(seq), clock_timestamp() from written
    where at > clock_timestamp() - interval '1 hour' group by group_id order by group_id;
  return null;
end $$;
create trigger forward after insert on actions
  referencing new table as written for each statement execute function _forward();
alter table actions disable trigger forward;

-- The oldest that nobody has in hand, of these groups or (null) of all: whoever is called for one frame hands on what it
-- wrote. They are the caller's until the lease is over.
create function take_forwards(gs bigint[], n int, lease_seconds int)
returns table(id bigint, group_id bigint, first bigint, last bigint)
language sql security definer set search_path = clubroom, pg_temp as $$
  update forwards f set leased_until = clock_timestamp() + make_interval(secs => lease_seconds)
  where f.id = any(array(
    select w.id from forwards w
    where coalesce(w.leased_until <= clock_timestamp(), true) and (gs is null or w.group_id = any(gs))
    order by w.id limit n for update skip locked))
  returning f.id, f.group_id, f.first, f.last $$;

create function close_forwards(ids bigint[]) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  delete from forwards where id = any(ids) $$;

-- After an hour whoever is here has asked by themselves, many times.
create function forget_forwards(n int) returns boolean
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare gone int;
begin
  delete from forwards where id = any(array(
    select id from forwards where at < clock_timestamp() - interval '1 hour' order by at limit n for update skip locked));
  get diagnostics gone = row_count;
  return gone = n;
end $$;

-- Whether within so many seconds somebody is to be told of something, or a push is due: then it is worth waking again.
create function tellings_wait(within_seconds int) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select exists (select 1 from notices where due_at <= clock_timestamp() + make_interval(secs => within_seconds))
    or exists (select 1 from pushes where done_at is null and due_at <= clock_timestamp() + make_interval(secs => within_seconds)) $$;
