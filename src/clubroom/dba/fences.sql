-- Run after every migration, as often as one likes: owners, grants and row-level security for whatever is there.
-- Two roles fence the data: `clubroom_writer` owns the functions, `clubroom_app` may only EXECUTE them.
-- Where the database host gives only one role, the functions stay its own, and the rows open only to the search
-- path that they carry, which no connection of the app has (a setting of our own would need a superuser).
do $$
declare
  two_roles boolean := exists (select 1 from pg_roles where rolname = 'clubroom_writer')
                       and pg_has_role(current_user, 'clubroom_writer', 'member');
  item record;
begin
  for item in select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
              where n.nspname = 'clubroom' and c.relkind in ('r', 'p') loop
    execute format('alter table clubroom.%I enable row level security', item.name);
    execute format('alter table clubroom.%I force row level security', item.name);
    execute format('revoke all on clubroom.%I from public', item.name);
    execute format('drop policy if exists functions_only on clubroom.%I', item.name);
    if two_roles then
      execute format('create policy functions_only on clubroom.%I to clubroom_writer using (true) with check (true)', item.name);
      execute format('grant select, insert, update, delete on clubroom.%I to clubroom_writer', item.name);
    else
      execute format('create policy functions_only on clubroom.%I using (current_setting(''search_path'') = ''clubroom, pg_temp'')', item.name);
    end if;
  end loop;
  -- A view judges nothing itself: it reads as whoever asks, so that the policies above hold behind it.
  for item in select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
              where n.nspname = 'clubroom' and c.relkind = 'v' loop
    execute format('revoke all on clubroom.%I from public', item.name);
    if two_roles then
      execute format('grant select on clubroom.%I to clubroom_writer', item.name);
    end if;
  end loop;
  if two_roles then
    execute 'grant usage on schema clubroom to clubroom_writer, clubroom_app';
    execute 'grant create on schema clubroom to clubroom_writer';
  end if;
  for item in select p.oid::regprocedure::text as signature, p.proname as name from pg_proc p
              join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'clubroom' loop
    if two_roles then
      execute format('revoke all on function %s from public', item.signature);
      if item.name not like '\_%' then
        execute format('grant execute on function %s to clubroom_app', item.signature);
      end if;
      execute format('alter function %s owner to clubroom_writer', item.signature);
    else
      execute format('revoke all on function %s from public', item.signature);
    end if;
  end loop;
  if two_roles then
    execute 'revoke create on schema clubroom from clubroom_writer';
  end if;
end $$;
