-- Signals to sockets that are held elsewhere cost a call each, so they go to whoever has the room before their eyes.

drop function connections_in(bigint);

create function connections_showing(g bigint) returns table(connection text, user_id bigint)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select c.id, c.user_id from readers r
  join connections c on c.user_id = r.user_id
  join sessions s on s.id = c.session and s.ended_at is null
  where r.group_id = g and convert_from(c.state, 'UTF8')::jsonb -> 'watching' @> to_jsonb(g) $$;
