-- Sockets that a gateway elsewhere holds (ports/gateway, RemoteGateway): what is remembered of each between two
-- frames. Not in the log and not unlogged: a crash of the database must not forget who has shown their token.

create table connections(
  id text primary key check (length(id) between 1 and 128),
  version bigint not null default 0,         -- a session is written only over the one that was read
  state bytea not null,                      -- the session, as JSON
  user_id bigint,                            -- whose it is, once they have shown it, and
  session uuid,                              -- the signed-in device
  opened_at timestamptz not null default clock_timestamp()) with (fillfactor = 50);
create index connections_of_user on connections(user_id) where user_id is not null;

create function open_connection(connection text, first_state bytea) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  insert into connections(id, state) values (connection, first_state) on conflict (id) do nothing $$;

-- `ended`: its device was signed out meanwhile.
create function load_connection(connection text) returns table(version bigint, state bytea, ended boolean)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select c.version, c.state, s.ended_at is not null
  from connections c left join sessions s on s.id = c.session where c.id = connection $$;

-- False when another frame of the same socket was quicker: then the step is taken again, from what that one left.
create function save_connection(connection text, seen bigint, next_state bytea, who bigint, device uuid)
returns boolean language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  update connections set state = next_state, version = version + 1, user_id = who, session = device
    where id = connection and version = seen;
  return found;
end $$;

create function drop_connection(connection text) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  delete from connections where id = connection $$;

-- All of them, in portions, for whoever looks after them once a minute.
create function all_connections(after text, n int) returns setof text
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select id from connections where id > after order by id limit n $$;

create function connections_of(who bigint) returns setof text
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select c.id from connections c join sessions s on s.id = c.session and s.ended_at is null
  where c.user_id = who order by c.opened_at $$;

-- Who hears the actions `first` to `last` of a group: everybody whose membership was open at one of them, and of
-- those actions the ones that it was open at. So a removal cuts exactly at its place, whenever this is asked.
create function connections_hearing(g bigint, first bigint, last bigint)
returns table(connection text, from_seq bigint, to_seq bigint)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select c.id, greatest(first, m.since_seq), least(last, coalesce(m.to_seq, last))
  from memberships m
  join connections c on c.user_id = m.user_id
  join sessions s on s.id = c.session and s.ended_at is null
  where m.group_id = g and m.since_seq <= last and (m.to_seq is null or m.to_seq >= first) $$;

-- For signals: who is in the group now, with the person, so that whoever caused it can be left out.
create function connections_in(g bigint) returns table(connection text, user_id bigint)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select c.id, c.user_id from memberships m
  join connections c on c.user_id = m.user_id
  join sessions s on s.id = c.session and s.ended_at is null
  where m.group_id = g and m.to_seq is null $$;
