-- What servers ask for themselves, and what is done after a restore.

-- Where logs stand, to find what a server should have told and did not. Nobody is judged.
create function group_heads(gs bigint[]) returns table(group_id bigint, head bigint)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select id, head from groups where id = any(gs) $$;

-- After a restore by the provider: clients hold what this database has never seen, and must start afresh (L6).
-- Only for the owner: not granted.
create function _new_epoch() returns text
language sql security definer set search_path = clubroom, pg_temp as $$
  update installation set epoch = replace(gen_random_uuid()::text, '-', '') returning epoch $$;
