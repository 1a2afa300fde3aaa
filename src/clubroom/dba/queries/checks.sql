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
