-- As in 0006; and sockets that are held elsewhere end with their next frame: what they know is of another database.
create or replace function _new_epoch() returns text
language sql security definer set search_path = clubroom, pg_temp as $$
  delete from connections;
  update installation set epoch = replace(gen_random_uuid()::text, '-', '') returning epoch $$;
