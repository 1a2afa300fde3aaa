-- Members without a device, for whom admins act, and how members are reached. 0024_invitations.sql has the tables.

-- --- members without a device ---------------------------------------------------------------------------------

-- Whether `who` may answer for `target`, who has no device yet.
create function _acts_for(who bigint, target bigint, club bigint) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select coalesce((select managed from users where id = target), false)
    and _role(target, club) is not null and coalesce(_role(who, club), 'member') <> 'member' $$;

-- As in 0008; somebody whom nobody has signed in as takes over only where nobody else is.
create or replace function _hand_on(g bigint, target bigint, by bigint) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare heir bigint; room groups;
begin
  if not exists (select 1 from groups where id = g and kind = 'channel' and members_of = id)
    or exists (select 1 from memberships
      where group_id = g and user_id <> target and to_seq is null and role = 'owner') then
    return null;
  end if;
  update memberships set role = 'owner' where id = (select m.id from memberships m join users u on u.id = m.user_id
    where m.group_id = g and m.user_id <> target and m.to_seq is null order by u.managed, m.id limit 1)
    returning user_id into heir;
  if heir is not null then
    return array[_append(g, null, json_build_object('type', 'role_changed', 'user', _sub(heir), 'role', 'owner'))];
  end if;
  update groups set archived_at = clock_timestamp() where id = g and archived_at is null returning * into room;
  if room.id is null then return null; end if;
  return array[_append(g, null, (jsonb_build_object('type', 'channel_changed', 'by', _sub(by))
    || _channel_json(room))::json)];
end $$;

-- In every group that they are or were in, all of which are locked: their club, what lies below, their own.
create function _rename_managed(target bigint, new_name text) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare person users;
begin
  select * into person from users where id = target;
  if person.name = new_name then return '{}'; end if;
  update users set name = new_name where id = target returning * into person;
  return _tell_name(person, array(select distinct group_id from memberships where user_id = target order by group_id))
    || _tell_profile(person);
end $$;

create function rename_managed(who bigint, club bigint, target_sub text, new_name text)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare target bigint; log logged[];
begin
  select id into target from users where sub = target_sub;
  perform _lock(array[club, _self_group(target)] || _groups_below(club));
  perform _lock(_groups_below(club));
  perform _must_run(who, club);
  if target is null or _role(target, club) is null then perform _fail('not_found'); end if;
  if not _acts_for(who, target, club) then perform _fail('forbidden'); end if;
  log := _rename_managed(target, new_name);
  if cardinality(log) > 0 then
    update invitations set name = new_name where group_id = club and member = target;
    perform _audit(club, who, 'member_renamed', target);
  end if;
  return row(null, log)::outcome;
end $$;

-- As in 0008, but nobody writes to somebody whom nobody has signed in as: they are there, and cannot be reached.
create or replace function open_dm(who bigint, subs text[], a_day_max int)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare everybody bigint[]; others bigint[]; known bigint; wait_ms bigint; g bigint; one bigint; log logged[];
begin
  others := array(select id from users where sub = any(subs) and id <> who order by id);
  if cardinality(others) = 0 or cardinality(others) < (select count(distinct s) from unnest(subs) s where s <> _sub(who)) then
    perform _fail('not_found');
  end if;
  everybody := array(select p from unnest(others || who) p order by p);
  perform pg_advisory_xact_lock(hashtextextended('dm ' || everybody::text, 0));
  select group_id into known from dms where people = everybody;
  if known is not null and _role(who, known) is not null then
    return row(jsonb_build_object('group', known, 'repeated', true), null)::outcome;
  end if;
  if known is not null then perform _fail('forbidden'); end if;  -- left for good: nobody is put back by others
  perform _lock(array(select _self_group(p) from unnest(everybody) p));
  foreach one in array others loop
    -- nobody learns here whether somebody exists whom they share no club with
    if not exists (select 1 from memberships a join memberships b on b.group_id = a.group_id join groups c on c.id = a.group_id
        where a.user_id = who and b.user_id = one and a.to_seq is null and b.to_seq is null and c.kind = 'club') then
      perform _fail('not_found');
    end if;
    if not _share_a_club(who, one) or _blocked_between(who, one) or (select managed from users where id = one) then
      perform _fail('forbidden');
    end if;
  end loop;
  select ceil(extract(epoch from created_at + interval '1 day' - now()) * 1000) into wait_ms from groups
    where kind = 'dm' and created_by = who and created_at > now() - interval '1 day'
    order by created_at desc offset a_day_max - 1 limit 1;
  if wait_ms is not null then perform _fail('rate_limited', wait_ms::text); end if;
  insert into groups(kind, name, created_by) values ('dm', 'dm', who) returning id into g;
  insert into dms(people, group_id) values (everybody, g);
  log := array[_append(g, null, json_build_object('type', 'dm_created', 'by', _sub(who)))];
  foreach one in array everybody loop
    log := log || _enter(g, one, 'member');
  end loop;
  return row(jsonb_build_object('group', g, 'repeated', false), log)::outcome;
end $$;

-- --- how members are reached ----------------------------------------------------------------------------------

-- By oneself, for one club; `seen_by` null = nobody, and nothing is kept.
create function put_contact(who bigint, club bigint, address text, phone_number text, said text, seen_by text)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  perform _lock(array[club]);
  if _role(who, club) is null or (select kind from groups where id = club) <> 'club' then perform _fail('not_found'); end if;
  if seen_by is null then
    delete from contacts where group_id = club and user_id = who;
  else
    insert into contacts(group_id, user_id, email, phone, note, visible_to)
      values (club, who, address, phone_number, said, seen_by)
      on conflict (group_id, user_id) do update set email = excluded.email, phone = excluded.phone,
        note = excluded.note, visible_to = excluded.visible_to;
  end if;
  return row(null, null)::outcome;
end $$;

-- What `who` may see: whoever runs the club all of it, and where mail to a member without a device goes; others what
-- is shared with members, and their own. Since when everybody is here is for those who keep the list.
create function club_contacts(who bigint, club bigint) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare as_role text := _role(who, club);
begin
  if as_role is null or (select kind from groups where id = club) <> 'club' then perform _fail('not_found'); end if;
  return (
    with shown as (
      select c.user_id, c.email, c.phone, c.note, c.visible_to from contacts c
        where c.group_id = club and (c.visible_to = 'members' or as_role <> 'member' or c.user_id = who)
      union all
      select i.member, i.email, null, null, 'admins' from invitations i join users u on u.id = i.member and u.managed
        where i.group_id = club and as_role <> 'member' and i.email is not null and i.withdrawn_at is null
          and i.came_at is null)
    select jsonb_build_object('contacts', coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('user', _sub(s.user_id),
        'email', s.email, 'phone', s.phone, 'note', s.note, 'visible_to', s.visible_to)) order by _sub(s.user_id)), '[]'),
      'since', (select coalesce(jsonb_object_agg(_sub(m.user_id), _rfc3339(m.opened_at)), '{}') from memberships m
        where m.group_id = club and m.to_seq is null and as_role <> 'member')) from shown s);
end $$;
