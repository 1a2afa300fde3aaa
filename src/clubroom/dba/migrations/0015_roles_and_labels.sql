-- Who may do what in a club, and what its members may be called together. 0014 has the tables of labels.

-- --- labels ---------------------------------------------------------------------------------------------------

-- Exactly these labels of a club that is locked for one of its members; `most` = as many as somebody carries.
create function _set_labels(club bigint, target bigint, label_ids bigint[], by bigint, most int default 20)
returns logged[] language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare had bigint[]; wanted bigint[];
begin
  had := array(select l.id from member_labels ml join labels l on l.id = ml.label_id
    where l.group_id = club and ml.user_id = target order by l.id);
  wanted := array(select id from labels where group_id = club and id = any(label_ids) order by id);
  if had = wanted then return null; end if;
  if cardinality(wanted) > most then perform _fail('full'); end if;
  delete from member_labels where user_id = target and label_id = any(had) and label_id <> all(wanted);
  insert into member_labels(user_id, label_id) select target, w from unnest(wanted) w where w <> all(had);
  perform _audit(club, by, 'member_labelled', target, details => jsonb_build_object(
    'added', array(select name from labels where id = any(wanted) and id <> all(had) order by key),
    'removed', array(select name from labels where id = any(had) and id <> all(wanted) order by key)));
  return array[_append(club, null, json_build_object('type', 'member_labelled', 'user', _sub(target),
    'labels', array(select key from labels where id = any(wanted) order by key), 'by', _sub(by)))];
end $$;

-- These beside what the member carries already. Ids that name no label of this club add nothing.
create function _add_labels(club bigint, target bigint, label_ids bigint[], by bigint)
returns logged[] language sql security definer set search_path = clubroom, pg_temp as $$
  select _set_labels(club, target, label_ids || array(
    select label_id from member_labels where user_id = target), by) $$;

-- Whether somebody runs a club that is locked, and may now: for everybody else it refuses.
create function _must_run(who bigint, club bigint) returns void
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  perform _reading(who, club);
  if _role(who, club) = 'member'
      or not exists (select 1 from groups where id = club and kind = 'club' and suspended_at is null) then
    perform _fail('forbidden');
  end if;
end $$;

-- A label of the club under the client's own id, or another name for it.
create function define_label(who bigint, club bigint, label_key uuid, label_name text, labels_max int)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare before labels;
begin
  perform _lock(array[club]);
  perform _must_run(who, club);
  select * into before from labels where key = label_key;
  if before.group_id <> club then perform _fail('id_conflict'); end if;
  if before.name = label_name then return row(null, null)::outcome; end if;
  if exists (select 1 from labels where group_id = club and key <> label_key and lower(name) = lower(label_name)) then
    perform _fail('name_taken');
  end if;
  if before.id is null and (select count(*) from labels where group_id = club) >= labels_max then
    perform _fail('full');
  end if;
  insert into labels(key, group_id, name) values (label_key, club, label_name)
    on conflict (key) do update set name = excluded.name where labels.group_id = club;
  if not found then perform _fail('id_conflict'); end if;  -- another club took this id at the same moment
  perform _audit(club, who, 'label_defined', details => jsonb_strip_nulls(jsonb_build_object(
    'name', label_name, 'was', before.name)));
  return row(null, array[_append(club, null, json_build_object('type', 'label_defined', 'label', label_key,
    'name', label_name, 'by', _sub(who)))])::outcome;
end $$;

create function remove_label(who bigint, club bigint, label_key uuid)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare gone labels;
begin
  perform _lock(array[club]);
  perform _must_run(who, club);
  delete from labels where key = label_key and group_id = club returning * into gone;
  if gone.id is null then perform _fail('not_found'); end if;
  perform _audit(club, who, 'label_removed', details => jsonb_build_object('name', gone.name));
  return row(null, array[_append(club, null, json_build_object('type', 'label_removed', 'label', label_key,
    'by', _sub(who)))])::outcome;
end $$;

-- Exactly these.
create function label_member(who bigint, club bigint, target_sub text, label_keys uuid[], labels_max int)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare target bigint; wanted bigint[];
begin
  perform _lock(array[club]);
  perform _must_run(who, club);
  select id into target from users where sub = target_sub;
  wanted := array(select id from labels where group_id = club and key = any(label_keys));
  if _role(target, club) is null or cardinality(wanted) < (select count(distinct k) from unnest(label_keys) k) then
    perform _fail('not_found');
  end if;
  return row(null, _set_labels(club, target, wanted, who, labels_max))::outcome;
end $$;

-- One label to many members, and from others; all of it or nothing.
create function label_members(
  who bigint, club bigint, label_key uuid, to_add text[], to_remove text[], labels_max int)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare chosen bigint; target bigint; carried bigint[]; log logged[];
begin
  perform _lock(array[club]);
  perform _must_run(who, club);
  select id into chosen from labels where key = label_key and group_id = club;
  if chosen is null or exists (select 1 from unnest(to_add || to_remove) s
      where _role((select id from users where sub = s), club) is null) then
    perform _fail('not_found');
  end if;
  for target in select id from users where sub = any(to_add || to_remove) order by id loop
    carried := array(select label_id from member_labels where user_id = target and label_id <> chosen);
    if _sub(target) = any(to_add) then carried := carried || chosen; end if;
    log := log || _set_labels(club, target, carried, who, labels_max);
  end loop;
  return row(null, log)::outcome;
end $$;

-- --- roles ----------------------------------------------------------------------------------------------------

-- Whether somebody gets in again when their device is lost.
create function _can_sign_in(who bigint) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select exists (select 1 from credentials where user_id = who) $$;

-- An owner makes anybody anything; an admin may step down. With `hand_over` the owner who asks becomes an admin in
-- the same moment. The rooms are locked, too: what is done there by right of the old role comes before.
create function change_role(who bigint, club bigint, target_sub text, new_role text, hand_over boolean)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare target bigint; admins bigint; asker_role text; log logged[];
begin
  select id into target from users where sub = target_sub;
  admins := _admins_of(club);
  perform _lock(array[club, _self_group(target), _self_group(who)] || _groups_below(club));
  asker_role := _role(who, club);
  if asker_role is null or _role(target, club) is null then perform _fail('not_found'); end if;
  if not exists (select 1 from groups where id = club and kind = 'club' and suspended_at is null)
      or not (asker_role = 'owner' or asker_role = 'admin' and target = who and new_role = 'member')
      or hand_over and target = who then
    perform _fail('forbidden');
  end if;
  log := _give_role(club, admins, target, new_role, who);
  if hand_over then log := log || _give_role(club, admins, who, 'admin', who); end if;
  return row(null, log)::outcome;
end $$;

-- Whoever runs a club is in its admins' group with the same role, and reads all of it.
create function _give_role(club bigint, admins bigint, target bigint, new_role text, by bigint) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare had text := _role(target, club); g bigint; log logged[] := '{}';
begin
  if had = new_role then return null; end if;
  if had = 'owner' and not exists (select 1 from memberships
      where group_id = club and user_id <> target and to_seq is null and role = 'owner') then
    perform _fail('last_owner');
  end if;
  if new_role <> 'member' and not _can_sign_in(target) then perform _fail('their_sign_in_needed'); end if;
  foreach g in array case when 'member' in (had, new_role) then array[club] else array[club, admins] end loop
    update memberships set role = new_role where group_id = g and user_id = target and to_seq is null;
    log := log || _append(g, null, json_build_object('type', 'role_changed', 'user', _sub(target), 'role', new_role,
      'by', _sub(by)));
  end loop;
  if had = 'member' then log := log || _enter(admins, target, new_role, by); end if;
  if new_role = 'member' then log := log || _close(admins, target, by); end if;
  perform _audit(club, by, 'role_changed', target, details => jsonb_build_object('role', new_role, 'was', had));
  return log;
end $$;
