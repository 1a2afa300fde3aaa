-- What its owner decides for a club, the end of a club, and the record of what was done there.

-- An action may be the last that anybody hears of its group: it lets everybody out.
alter table actions add closes boolean not null default false;
alter type logged add attribute closes boolean;

alter table groups add erased_at timestamptz;  -- of a deleted one: nothing of what was said is left
create index groups_to_erase on groups(id) where deleted_at is not null and erased_at is null;
create index mentions_at on mentions(group_id, seq);
create index pins_of_message on pins(message_id);  -- asked for each message that goes

drop function _append(bigint, uuid, json, bigint, bigint, bigint);
create function _append(
  g bigint, target uuid, body json, joined bigint default null, cut bigint default null, opens bigint default null,
  closes boolean default false)
returns logged language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare entry logged;
begin
  update groups set head = head + 1 where id = g returning head into entry.seq;
  if entry.seq is null then perform _fail('not_found'); end if;
  entry.group_id := g; entry.at := clock_timestamp(); entry.body := convert_to(body::text, 'UTF8');
  entry.joined := joined; entry.cut := cut; entry.opens := opens; entry.closes := closes;
  insert into actions(group_id, seq, at, target, joined, cut, opens, closes, body)
    values (g, entry.seq, entry.at, target, joined, cut, opens, closes, entry.body);
  return entry;
end $$;

create or replace function log_after(g bigint, after bigint, n int) returns setof logged
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select group_id, seq, at, body, joined, cut, opens, closes from actions
  where group_id = g and seq > after order by seq limit n $$;

-- As in 0008; whoever came into a club meanwhile hears of its rooms no more than they read, and whoever was in a club
-- when it was deleted hears each of its rooms to its end.
create or replace function connections_hearing(g bigint, first bigint, last bigint)
returns table(connection text, from_seq bigint, to_seq bigint)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with hearing as (
    select m.user_id, greatest(first, m.since_seq) as from_seq, least(last, coalesce(m.to_seq, last)) as to_seq
    from memberships m join groups gr on gr.id = m.group_id and gr.members_of = gr.id
    where m.group_id = g and m.since_seq <= last and (m.to_seq is null or m.to_seq >= first)
    union all
    select r.user_id, greatest(first, r.first_seq), last from readers r
    where r.group_id = g and r.inherits and r.first_seq <= last
    union all
    select a.cut, first, a.seq from actions a join groups gr on gr.id = g and gr.members_of <> gr.id
    where a.group_id = g and a.cut is not null and a.seq between first and last
      and not exists (select 1 from readers r where r.group_id = g and r.user_id = a.cut)
    union all
    select m.user_id, first, last from groups gr join groups club on club.id = gr.members_of
    join memberships m on m.group_id = club.id and m.to_seq = club.head
    where gr.id = g and gr.members_of <> g and gr.deleted_at is not null)
  select c.id, h.from_seq, h.to_seq from hearing h
  join connections c on c.user_id = h.user_id
  join sessions s on s.id = c.session and s.ended_at is null $$;

-- Nobody comes into what was deleted, or into what its host has suspended, whichever way they come.
create function _open_to_newcomers() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare gr groups;
begin
  select * into gr from groups where id = new.group_id;
  if gr.deleted_at is not null then perform _fail('not_found'); end if;
  if gr.suspended_at is not null then perform _fail('forbidden'); end if;
  return new;
end $$;
create trigger open_to_newcomers before insert on memberships
  for each row execute function _open_to_newcomers();

-- --- what is decided ------------------------------------------------------------------------------------------

-- What changes of a club or a room; what is not named stays, and null takes a value away.
drop function change_club(bigint, bigint, boolean, boolean);
drop function change_channel(bigint, bigint, text, text, boolean, boolean, boolean);
create function change_group(who bigint, g bigint, change jsonb)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  if (select kind from groups where id = g) = 'channel' then return _change_channel(who, g, change); end if;
  return _change_club(who, g, change);
end $$;

create function _club_json(g groups) returns jsonb
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object('name', g.name, 'time_zone', g.time_zone, 'language', g.language, 'sign', g.sign,
    'colour', g.colour, 'history', g.history, 'members_invite', g.members_invite, 'announce', g.announce,
    'joining_paused', g.joining_paused, 'rooms_by_admins', g.rooms_by_admins, 'dms_off', g.dms_off) $$;

-- What differs, as it was and as it is.
create function _difference(before jsonb, after jsonb) returns jsonb
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select coalesce(jsonb_object_agg(key, jsonb_build_array(b.value, a.value)), '{}')
  from jsonb_each(before) b join jsonb_each(after) a using (key) where a.value <> b.value $$;

-- An owner decides everything; an admin how the club is called and looks, and whether anybody may come in just now.
create function _change_club(who bigint, club bigint, change jsonb)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare before groups; after groups; admins bigint := _admins_of(club);
  log logged[];
begin
  perform _lock(array[club, admins]);
  perform _reading(who, club);
  select * into before from groups where id = club;
  if before.kind <> 'club' or before.suspended_at is not null or _role(who, club) = 'member'
    or _role(who, club) = 'admin' and change - array['name', 'sign', 'colour', 'joining_paused'] <> '{}'
    or change - array(select jsonb_object_keys(_club_json(before))) <> '{}' then
    perform _fail('forbidden');
  end if;
  update groups set name = coalesce(change ->> 'name', name),
    time_zone = case when change ? 'time_zone' then change ->> 'time_zone' else time_zone end,
    language = case when change ? 'language' then change ->> 'language' else language end,
    sign = case when change ? 'sign' then change ->> 'sign' else sign end,
    colour = coalesce((change ->> 'colour')::smallint, colour),
    history = coalesce(change ->> 'history', history),
    members_invite = coalesce((change ->> 'members_invite')::boolean, members_invite),
    announce = coalesce((change ->> 'announce')::boolean, announce),
    joining_paused = coalesce((change ->> 'joining_paused')::boolean, joining_paused),
    rooms_by_admins = coalesce((change ->> 'rooms_by_admins')::boolean, rooms_by_admins),
    dms_off = coalesce((change ->> 'dms_off')::boolean, dms_off)
    where id = club returning * into after;
  if _club_json(before) = _club_json(after) then return row(null, null)::outcome; end if;
  log := array[_append(club, null, (jsonb_build_object('type', 'club_changed', 'by', _sub(who)) || _club_json(after)
    || case when after.name <> before.name then jsonb_build_object('was', before.name) else '{}' end)::json)];
  if after.name <> before.name then
    update groups set name = after.name where id = admins;
    log := log || _append(admins, null, json_build_object('type', 'group_renamed', 'by', _sub(who), 'name', after.name));
  end if;
  perform _audit(club, who, 'club_changed', details => _difference(_club_json(before), _club_json(after)));
  return row(null, log)::outcome;
end $$;

create function _change_channel(who bigint, g bigint, change jsonb)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare before groups; after groups; me record;
begin
  -- with the club locked nobody comes in while its people are counted
  perform _lock(array[g, case when change -> 'landing' = 'false' then (select parent from groups where id = g) end]);
  perform _reading(who, g);
  select * into before from groups where id = g;
  select manages, role into me from readers where user_id = who and group_id = g;
  if not me.manages or before.suspended_at is not null
    or change - array(select jsonb_object_keys(_channel_json(before))) <> '{}' then
    perform _fail('forbidden');
  end if;
  if me.role = 'member' and (coalesce((change ->> 'announce')::boolean, before.announce) <> before.announce
      or coalesce((change ->> 'landing')::boolean, before.landing) <> before.landing) then
    perform _fail('forbidden');
  end if;
  update groups set name = coalesce(change ->> 'name', name), description = coalesce(change ->> 'description', description),
    announce = coalesce((change ->> 'announce')::boolean, announce),
    landing = coalesce((change ->> 'landing')::boolean, landing),
    archived_at = case change -> 'archived' when 'true' then coalesce(archived_at, clock_timestamp())
      when 'false' then null else archived_at end
    where id = g returning * into after;
  if _channel_json(before) = _channel_json(after) then return row(null, null)::outcome; end if;
  if before.landing and not after.landing then  -- it stays where it was: in the lists of those who are here
    insert into follows(user_id, group_id, is_on)
      select user_id, g, true from memberships where group_id = after.members_of and to_seq is null order by user_id
      on conflict do nothing;
  end if;
  perform _audit_room(who, after, 'room_changed', _difference(_channel_json(before) - 'description',
    _channel_json(after) - 'description') || case when before.description <> after.description
      then '{"description": []}' else '{}'::jsonb end);
  return row(null, array[_append(g, null, (jsonb_build_object('type', 'channel_changed', 'by', _sub(who))
    || _channel_json(after))::json)])::outcome;
end $$;

-- Of a private room nothing stands in the club's record: whoever runs the club need not know of it.
create function _audit_room(who bigint, room groups, what text, details jsonb default '{}') returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  if room.members_of <> room.id then perform _audit(room.parent, who, what, about_group => room.id, details => details); end if;
end $$;

-- As in 0008; not in a suspended club, and what is public stands in the record.
create or replace function create_channel(
  who bigint, club bigint, channel_key uuid, channel_name text, is_private boolean, about text, announcing boolean,
  lands boolean, channels_max int, own_max int)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare made club_keys; as_role text; of_club groups; rooms record; room groups; log logged[];
begin
  perform _lock(array[_self_group(who), club]);
  as_role := _role(who, club);
  select * into of_club from groups where id = club;
  if as_role is null or of_club.kind <> 'club' then perform _fail('not_found'); end if;
  select * into made from club_keys where user_id = who and key = channel_key;
  if made.group_id is not null then
    if made.name <> channel_name or (select parent from groups where id = made.group_id) is distinct from club then
      perform _fail('id_conflict');
    end if;
    return row(jsonb_build_object('group', made.group_id, 'repeated', true), null)::outcome;
  end if;
  if of_club.suspended_at is not null or as_role = 'member' and (announcing or lands or of_club.rooms_by_admins) then
    perform _fail('forbidden');
  end if;
  select count(*) as everybodys, count(*) filter (where created_by = who) as own into rooms
    from groups g where g.parent = club and g.kind = 'channel'
      -- a private one that everybody has left is nobody's; a public one that is archived is still read
      and (g.members_of <> g.id or exists (select 1 from memberships m where m.group_id = g.id and m.to_seq is null));
  if rooms.everybodys >= channels_max or as_role = 'member' and rooms.own >= own_max then perform _fail('full'); end if;
  insert into groups(kind, parent, name, members_of, created_by, description, announce, landing)
    values ('channel', club, channel_name, case when is_private then null else club end, who, about, announcing, lands)
    returning * into room;
  insert into club_keys(user_id, key, name, group_id) values (who, channel_key, channel_name, room.id);
  log := array[_append(room.id, null, (jsonb_build_object('type', 'channel_created', 'by', _sub(who), 'private', is_private)
    || _channel_json(room) - 'archived')::json)];
  if is_private then
    log := log || _enter(room.id, who, 'owner');
  else
    insert into follows(user_id, group_id, is_on) values (who, room.id, true);
    log := log || _append(_self_group(who), null,
        json_build_object('type', 'channel_followed', 'group', room.id, 'on', true))
      || _append(club, null, (jsonb_build_object('type', 'channel_listed', 'group', room.id, 'by', _sub(who))
        || _channel_json(room) - 'archived')::json, opens => room.id);
  end if;
  perform _audit_room(who, room, 'room_made', jsonb_build_object('name', room.name));
  return row(jsonb_build_object('group', room.id, 'repeated', false), log)::outcome;
end $$;

-- --- the end of a club ----------------------------------------------------------------------------------------

-- By an owner who has said its name. One transaction appends to the club and all below what nobody hears anything
-- after, closes everybody's memberships there, and takes its codes back. Conversations are no part of it.
create function delete_club(who bigint, club bigint, said_name text)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare below bigint[]; g bigint; entry logged; log logged[];
begin
  perform _lock(array[club] || _groups_below(club));
  below := _groups_below(club);  -- with the club locked no more are made
  perform _lock(below);
  perform _reading(who, club);
  if (select kind from groups where id = club) <> 'club' or _role(who, club) <> 'owner' then perform _fail('forbidden'); end if;
  if (select name from groups where id = club) <> said_name then
    perform _fail('invalid_field', 'This is not the name of the club.');
  end if;
  perform _audit(club, who, 'club_deleted');
  foreach g in array below || club loop  -- the club last: whoever has heard of its end looks for no rooms
    entry := _append(g, null, json_build_object('type', 'club_deleted', 'by', _sub(who)), closes => true);
    update memberships set to_seq = entry.seq where group_id = g and to_seq is null;
    log := log || entry;
  end loop;
  update groups set deleted_at = clock_timestamp() where id = any(below || club);
  update join_codes set revoked_at = clock_timestamp() where group_id = club and revoked_at is null;
  return row(null, log)::outcome;
end $$;

-- What was said in a group up to a seq, with all that hangs on it; what is pinned may stay. The log ends there, too.
create function _forget_until(g bigint, upto bigint, spare_pins boolean) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare ids uuid[];
begin
  ids := array(select m.id from messages m where m.group_id = g and m.seq <= upto
    and not (spare_pins and exists (select 1 from pins p where p.group_id = g and p.message_id = m.id)));
  delete from mentions n using messages m where m.id = any(ids) and n.group_id = g and n.seq = m.seq;
  delete from message_versions where message_id = any(ids);
  delete from emotes where message_id = any(ids);
  delete from pins where group_id = g and message_id = any(ids);
  delete from messages where id = any(ids);
  delete from actions where group_id = g and seq <= upto;
  update groups set floor = greatest(floor, upto) where id = g;
end $$;

-- A piece of what is left of deleted clubs, `n` actions at most; false = nothing is. Servers that lag behind have
-- `grace_s` to hear the last of it. Of the log only its end stays, of a group that it was there.
create function erase_deleted(n int, grace_s int) returns boolean
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare gr groups; upto bigint;
begin
  select * into gr from groups where deleted_at is not null and erased_at is null
    and deleted_at <= clock_timestamp() - make_interval(secs => grace_s) order by id limit 1 for no key update skip locked;
  if gr.id is null then return false; end if;
  upto := least(gr.floor + n, gr.head - 1);
  perform _forget_until(gr.id, upto, false);
  if upto = gr.head - 1 then perform _forget_group(gr); end if;
  return true;
end $$;

-- --- the record -----------------------------------------------------------------------------------------------

-- Newest first, before an id; names as they are now. What the host did is not somebody's.
create function audit_of(who bigint, club bigint, before bigint, kinds text[], n int) returns setof jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  perform _reading(who, club);
  if (select kind from groups where id = club) <> 'club' or _role(who, club) = 'member' then perform _fail('forbidden'); end if;
  return query
    select jsonb_build_object('id', a.id, 'at', _rfc3339(a.at), 'what', a.what, 'details', a.details,
      'by', case when a.what not in ('club_suspended', 'club_reopened') then _named(a.by_user) end,
      'about_user', _named(a.about_user),
      'about_group', (select jsonb_build_object('group', g.id, 'name', g.name) from groups g where g.id = a.about_group))
    from audit a where a.group_id = club and a.id < before
      -- whom a report is about never learns of it (0018)
      and not (a.what = 'report_closed' and a.about_user = who)
      and (kinds is null or exists (  -- one that ends with _ stands for all that begin so
        select 1 from unnest(kinds) k where a.what = k or right(k, 1) = '_' and starts_with(a.what, k)))
    order by a.id desc limit n;
end $$;

create function _named(who bigint) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object('user', sub, 'name', name) from users where id = who $$;
