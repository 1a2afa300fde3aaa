-- As in 0006; and sockets that are held elsewhere end with their next frame: what they know is of another database.
create or replace function _new_epoch() returns text
language sql security definer set search_path = clubroom, pg_temp as $$
  delete from connections;
  update installation set epoch = replace(gen_random_uuid()::text, '-', '') returning epoch $$;

-- As in 0058; `gs`: of these groups alone, null = of all. Whoever is called for one frame hands on what it wrote.
drop function take_forwards(int, int);
create function take_forwards(gs bigint[], n int, lease_seconds int)
returns table(id bigint, group_id bigint, first bigint, last bigint)
language sql security definer set search_path = clubroom, pg_temp as $$
  update forwards f set leased_until = clock_timestamp() + make_interval(secs => lease_seconds)
  where f.id = any(array(
    select w.id from forwards w
    where coalesce(w.leased_until <= clock_timestamp(), true) and (gs is null or w.group_id = any(gs))
    order by w.id limit n for update skip locked))
  returning f.id, f.group_id, f.first, f.last $$;
