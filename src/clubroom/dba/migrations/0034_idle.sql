-- How somebody who is online is here: 0 looking at a room, 1 idle, 2 not to be seen (ports/presence).

alter table online add column state smallint not null default 0;

-- In how many states somebody is, taken together: not to be seen anywhere as soon as one server says so, else
-- idle only where all say so.
create function _together(states smallint[]) returns smallint
language sql immutable set search_path = clubroom, pg_temp as $$
  select case when max(s) = 2 then 2 else min(s) end::smallint from unnest(states) s $$;

-- As in 0005, but a lease that has run out is lost, and nobody whom it named is there with the next one.
create or replace function renew_server(server_id text, ttl interval) returns boolean
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare known boolean;
begin
  perform pg_advisory_xact_lock(hashtext('clubroom online'));
  delete from online o using servers s where o.server = s.id and s.expires_at < now();
  delete from servers where expires_at < now();
  known := exists (select 1 from servers where id = server_id);
  insert into servers(id, expires_at) values (server_id, now() + ttl)
    on conflict (id) do update set expires_at = excluded.expires_at;
  return known;
end $$;

-- Who came or is here otherwise than before, and who went; answers how those of them stand whom other servers
-- name, too. One server at a time: else two that someone leaves at once would each still see the other.
drop function set_online(text, bigint[], bigint[]);
create function set_online(server_id text, came bigint[], states smallint[], went bigint[])
returns table(user_id bigint, state smallint)
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtext('clubroom online'));
  delete from online o where o.server = server_id and o.user_id = any(went);
  insert into online(server, user_id, state)
    select server_id, c.u, c.s from unnest(came, states) as c(u, s)
    where exists (select 1 from servers s where s.id = server_id and s.expires_at >= now()) order by c.u
    on conflict on constraint online_pkey do update set state = excluded.state;
  return query
    select o.user_id, _together(array_agg(o.state)) from online o
    join servers s on s.id = o.server and s.expires_at >= now()
    where o.user_id = any(came || went) and o.server <> server_id group by o.user_id;
end $$;

-- Everybody who is online, seen or not.
create function online_people() returns bigint[]
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select array(select distinct o.user_id from online o
    join servers s on s.id = o.server and s.expires_at >= now()) $$;

-- As in 0008, and who of those named is idle.
drop function online_members(bigint, bigint, int);
create function online_members(who bigint, g bigint, n int) returns table(total bigint, users text[], idle text[])
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  perform _reading(who, g);
  return query
    with here as (
      select u.sub, _together(array_agg(o.state)) as state from readers m
      join online o on o.user_id = m.user_id
      join servers s on s.id = o.server and s.expires_at >= now()
      join users u on u.id = m.user_id
      where m.group_id = g group by u.sub),
    seen as (select * from here where here.state < 2),
    named as (select * from seen order by sub limit n)
    select (select count(*) from seen), array(select sub from named),
      array(select sub from named where named.state = 1);
end $$;

-- The same where the set of who is online is kept elsewhere: of these people those who read the group.
create function members_of_those(who bigint, g bigint, people bigint[], quiet bigint[], n int)
returns table(total bigint, users text[], idle text[])
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  perform _reading(who, g);
  return query
    with seen as (
      select u.sub, u.id from readers m join users u on u.id = m.user_id
      where m.group_id = g and m.user_id = any(people)),
    named as (select * from seen order by sub limit n)
    select (select count(*) from seen), array(select sub from named),
      array(select sub from named where id = any(quiet));
end $$;
