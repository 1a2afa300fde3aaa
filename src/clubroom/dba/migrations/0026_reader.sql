-- For `clubroom_reader`, a role that may only read, row by row, what one person may read: the gateway that takes it on
-- says who asks, as the user id in the setting clubroom.user. Which tables and columns, and by which rule, stands in
-- fences.sql; the rule itself is the view `readers`. A name that begins with _fence_ is granted to that role alone.
-- Each is evaluated once in a query, not once in a row.

-- Unset, empty, unknown or gone: nobody.
create function _fence_asker() returns bigint
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select id from users where sub = current_setting('clubroom.user', true) and gone_at is null $$;

create function _fence_groups() returns bigint[]
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select array(select group_id from readers where user_id = _fence_asker()) $$;

-- The first seq that may be read, by group.
create function _fence_first_seqs() returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select coalesce(jsonb_object_agg(group_id, first_seq), '{}') from readers where user_id = _fence_asker() $$;

-- Whoever is named in a group that one may read, those who left it too.
create function _fence_people() returns bigint[]
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select array(select distinct user_id from memberships where group_id = any(_fence_groups())) $$;
