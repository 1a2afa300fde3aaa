-- name: fitness^
-- What the database says about itself and about the role that asks.
select current_setting('server_version_num')::int as version,
  current_setting('fsync') as fsync,
  current_setting('full_page_writes') as full_page_writes,
  current_setting('synchronous_commit') as synchronous_commit,
  r.rolsuper as superuser, r.rolbypassrls as bypasses,
  array(select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'clubroom' and c.relkind in ('r', 'p')
          and not (c.relrowsecurity and c.relforcerowsecurity) order by 1) as unfenced,
  exists (select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'clubroom' and c.relkind in ('r', 'p')
          and has_table_privilege(c.oid, 'insert')) as may_touch_tables
from pg_roles r where r.rolname = current_user;

-- name: outside^
-- What the owner sees before a migration: it may be nothing at all.
select current_setting('server_version') as version, clock_timestamp() as now,
  to_regclass('clubroom.migrations') is not null as has_migrations,
  array(select rolname::text from pg_roles where rolname = any(:roles) order by 1) as roles,
  (select count(*) = cardinality(:roles) from pg_roles
   where rolname = any(:roles) and pg_has_role(current_user, oid, 'member')) as two_roles;

-- name: applied_migrations
-- Which files made this database, and the fences over them.
select name, digest from migrations where name <> 'fences' order by name;

-- name: fences^
-- Where in each fence there is a gap. The last one belongs to whoever asks.
select
  array(select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'clubroom' and c.relkind in ('r', 'p')
          and not (c.relrowsecurity and c.relforcerowsecurity) order by 1) as unforced,
  array(select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'clubroom' and c.relkind in ('r', 'p')
          and not exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polname = 'functions_only')
        order by 1) as unguarded,
  array(select distinct c.relname::text from pg_policy p join pg_class c on c.oid = p.polrelid
        join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'clubroom' and p.polname <> 'functions_only'
          and not (p.polcmd = 'r' and exists (select 1 from pg_roles r where p.polroles = array[r.oid]
            and (r.rolname, p.polname) in (('clubroom_reader', 'what_one_reads'), ('clubroom_gateway', 'what_all_read'))))
        order by 1) as widened,
  array(select p.proname::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname = 'clubroom' and has_function_privilege('public', p.oid, 'execute')
        order by 1) as for_everybody,
  array(select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'clubroom' and c.relkind in ('r', 'p')
          and has_table_privilege(c.oid, 'select, insert, update, delete, truncate') order by 1) as touchable,
  -- whether rows are opened to the roles for gateways that read, and what they could do that they must not
  exists (select 1 from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
          where n.nspname = 'clubroom' and p.polname = 'what_one_reads') as reader,
  exists (select 1 from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
          where n.nspname = 'clubroom' and p.polname = 'what_all_read') as gateway,
  array(select distinct found.what from pg_roles r cross join lateral (
          select 'everything' as what where r.rolsuper or r.rolbypassrls
          union all
          select 'what ' || m.roleid::regrole || ' may' from pg_auth_members m where m.member = r.oid
          union all
          select 'write ' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where n.nspname = 'clubroom' and c.relkind in ('r', 'p', 'v', 'm')
            and (has_any_column_privilege(r.oid, c.oid, 'insert, update')
                 or has_table_privilege(r.oid, c.oid, 'delete, truncate, trigger'))
          union all
          select 'call ' || p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
          where n.nspname = 'clubroom' and has_function_privilege(r.oid, p.oid, 'execute')
            and p.proname not like case r.rolname when 'clubroom_reader' then '\_fence\_%' else '\_gateway\_%' end) found
        where r.rolname in ('clubroom_reader', 'clubroom_gateway') order by 1) as overreaching;

-- name: add_host$
-- By address or user id.
select _add_host(:known_as);

-- name: remove_host$
-- By address or user id.
select _remove_host(:known_as);

-- name: list_hosts
-- Who runs the place.
select * from _hosts();

-- name: list_clubs
-- From outside, the newest first.
select _clubs_listed('', :before, :n) as club;

-- name: suspend_as_owner$
-- Or open it again.
select cardinality(_suspend_club(null, :club, :suspend));
