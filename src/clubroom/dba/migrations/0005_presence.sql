-- Who is online: a lease per server, not per connection. Unlogged: a crash may forget it, everyone says hello again.

create unlogged table servers(id text primary key, expires_at timestamptz not null);
create unlogged table online(
  server text not null, user_id bigint not null, primary key (server, user_id));
create index online_users on online(user_id);

-- Keeps this server's lease and forgets servers whose lease is over. True when the lease was still there:
-- false tells the server to name everyone again.
create function renew_server(server_id text, ttl interval) returns boolean
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare known boolean;
begin
  delete from online o using servers s where o.server = s.id and s.expires_at < now() and s.id <> server_id;
  delete from servers where expires_at < now() and id <> server_id;
  known := exists (select 1 from servers where id = server_id);
  insert into servers(id, expires_at) values (server_id, now() + ttl)
    on conflict (id) do update set expires_at = excluded.expires_at;
  return known;
end $$;

create function leave_server(server_id text) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  delete from online where server = server_id;
  delete from servers where id = server_id $$;

create function set_online(server_id text, came bigint[], went bigint[]) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  delete from online where server = server_id and user_id = any(went);
  insert into online(server, user_id) select server_id, u from unnest(came) u order by u
    on conflict do nothing $$;

-- The members of a group who are online, named up to `n`, and how many there are.
create function online_members(who bigint, g bigint, n int) returns table(total bigint, users text[])
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  perform _reading(who, g);
  return query
    with here as (
      select distinct u.sub from memberships m
      join online o on o.user_id = m.user_id
      join servers s on s.id = o.server and s.expires_at >= now()
      join users u on u.id = m.user_id
      where m.group_id = g and m.to_seq is null)
    select (select count(*) from here), array(select sub from here order by sub limit n);
end $$;
