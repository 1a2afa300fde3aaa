-- Rooms of a club (here: channels) and conversations of a few people (dms). A public channel has no membership
-- rows: whoever is in its club may read it (docs/protocol.md, "One log per group").

alter table groups drop constraint groups_kind_check;
alter table groups add check (kind in ('club', 'admins', 'self', 'channel', 'dm'));
alter table groups
  add members_of bigint references groups,     -- whose memberships are judged: its own, or its club's
  add created_by bigint references users,
  add description text not null default '' check (length(description) <= 500),
  add announce boolean not null default false, -- only whoever runs it may write
  add landing boolean not null default false,  -- new members find it in their list
  add archived_at timestamptz,
  -- of a club:
  add rooms_by_admins boolean not null default false,
  add dms_off boolean not null default false;  -- between its members
update groups set members_of = id;
create function _own_members() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  new.members_of := coalesce(new.members_of, new.id);
  return new;
end $$;
create trigger own_members before insert on groups for each row execute function _own_members();
alter table groups alter members_of set not null;
create index groups_judged_by on groups(members_of) where members_of <> id;
create index groups_made_by on groups(created_by, created_at) where created_by is not null;

create index memberships_ever_of_user on memberships(user_id);
alter table memberships add opened_at timestamptz;
update memberships m set opened_at = coalesce(
  (select a.at from actions a where a.group_id = m.group_id and a.seq = m.since_seq), clock_timestamp());
alter table memberships alter opened_at set default clock_timestamp(), alter opened_at set not null;

-- An action may open a group below to everybody who hears it.
alter table actions add opens bigint;
alter type logged add attribute opens bigint;

-- Which public channels somebody has in their list, where that differs from what the channel says (`landing`).
create table follows(
  user_id bigint not null references users,
  group_id bigint not null references groups,
  is_on boolean not null,
  primary key (user_id, group_id));

-- The same people find the same conversation.
create table dms(
  people bigint[] primary key,               -- sorted
  group_id bigint not null unique references groups);

create table person_blocks(
  user_id bigint not null references users,
  blocked bigint not null references users,
  primary key (user_id, blocked));
create index person_blocks_of on person_blocks(blocked);

-- Whether two may write to each other: a club that both are in lets them, or one of them runs it.
create function _share_a_club(one bigint, other bigint) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select exists (
    select 1 from memberships a join memberships b on b.group_id = a.group_id join groups g on g.id = a.group_id
    where a.user_id = one and b.user_id = other and a.to_seq is null and b.to_seq is null and g.kind = 'club'
      and (not g.dms_off or a.role <> 'member' or b.role <> 'member')) $$;

create function _blocked_between(one bigint, other bigint) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select exists (select 1 from person_blocks
    where (user_id, blocked) in ((one, other), (other, one))) $$;

-- Whether `who` may write into a conversation. Between two a block ends it. Among more one of the others who shares a
-- club with them is enough: else whoever leaves the club would silence everybody; and from whom one blocks one leaves.
create function _may_write_dm(who bigint, g bigint) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select coalesce(bool_or(_share_a_club(who, m.user_id)
      and not (cardinality(d.people) = 2 and _blocked_between(who, m.user_id))), false)
  from dms d join memberships m on m.group_id = d.group_id and m.user_id <> who and m.to_seq is null
  where d.group_id = g $$;

-- Whoever made a public channel runs it, too; a private one is its owner's, who may be another by now.
create function _manages(g groups, who bigint, as_role text) returns boolean
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select as_role <> 'member' or g.members_of <> g.id and g.created_by is not distinct from who $$;

-- Who may read what: one row for each person and group, by whichever membership is judged. In an inheriting group
-- whoever may not read a club from its beginning reads from the moment on at which they came (L5).
create view readers with (security_invoker = true) as
  select m.user_id, g.id as group_id, m.role, m.opened_at, m.since_seq,
    g.members_of <> g.id as inherits,
    greatest(g.floor + 1, case
      when m.from_seq = 1 then 1
      when g.members_of = g.id then m.from_seq
      else coalesce((select min(a.seq) from actions a where a.group_id = g.id and a.at >= m.opened_at), g.head + 1)
    end) as first_seq,
    _manages(g, m.user_id, m.role) as manages,
    m.may_post and g.archived_at is null and (not g.announce or _manages(g, m.user_id, m.role))
      and case when g.kind = 'dm' then _may_write_dm(m.user_id, g.id) else true end as may_post
  from groups g join memberships m on m.group_id = g.members_of where m.to_seq is null;

drop function _append(bigint, uuid, json, bigint, bigint);
create function _append(
  g bigint, target uuid, body json, joined bigint default null, cut bigint default null, opens bigint default null)
returns logged language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare entry logged;
begin
  update groups set head = head + 1 where id = g returning head into entry.seq;
  if entry.seq is null then perform _fail('not_found'); end if;
  entry.group_id := g; entry.at := clock_timestamp(); entry.body := convert_to(body::text, 'UTF8');
  entry.joined := joined; entry.cut := cut; entry.opens := opens;
  insert into actions(group_id, seq, at, target, joined, cut, opens, body)
    values (g, entry.seq, entry.at, target, joined, cut, opens, entry.body);
  return entry;
end $$;

create or replace function _reading(who bigint, g bigint) returns bigint
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare found_seq bigint;
begin
  select first_seq into found_seq from readers where group_id = g and user_id = who;
  if found_seq is null then perform _fail('not_found'); end if;
  return found_seq;
end $$;

-- Those that are asked for, and what inherits from them.
drop function readable_groups(bigint, bigint[]);
create function readable_groups(who bigint, gs bigint[])
returns table(group_id bigint, head bigint, first bigint, read bigint, inherits boolean)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with asked as (
    select unnest(gs) as id union select g.id from groups g where g.members_of = any(gs) and g.members_of <> g.id)
  select g.id, g.head, r.first_seq, coalesce(p.seq, 0), r.inherits
  from asked a join groups g on g.id = a.id join readers r on r.group_id = g.id and r.user_id = who
  left join read_pointers p on p.user_id = who and p.group_id = g.id order by g.id $$;

create or replace function actions_after(who bigint, gs bigint[], after bigint[], n int)
returns table(group_id bigint, seq bigint, at timestamptz, body bytea)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select a.group_id, a.seq, a.at, a.body
  from unnest(gs, after) as c(g, after)
  join readers r on r.group_id = c.g and r.user_id = who
  cross join lateral (
    select * from actions x where x.group_id = c.g and x.seq > c.after and x.seq >= r.first_seq
    order by x.seq limit n) a
  order by a.group_id, a.seq limit n $$;

create or replace function log_after(g bigint, after bigint, n int) returns setof logged
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select group_id, seq, at, body, joined, cut, opens from actions
  where group_id = g and seq > after order by seq limit n $$;

create or replace function move_read_pointers(users bigint[], gs bigint[], seqs bigint[])
returns table(user_id bigint, group_id bigint, seq bigint)
language plpgsql security definer set search_path = clubroom, pg_temp as $$
#variable_conflict use_column
begin
  return query
  insert into read_pointers as p (user_id, group_id, seq, moved_at)
  select a.u, a.g, least(max(a.s), max(gr.head)), clock_timestamp()
  from unnest(users, gs, seqs) as a(u, g, s)
  join groups gr on gr.id = a.g
  join memberships m on m.user_id = a.u and m.group_id = gr.members_of and m.to_seq is null
  group by a.u, a.g order by a.u, a.g
  on conflict on constraint read_pointers_pkey do update
    set seq = excluded.seq, moved_at = excluded.moved_at where p.seq < excluded.seq
  returning p.user_id, p.group_id, p.seq;
end $$;

create or replace function online_members(who bigint, g bigint, n int) returns table(total bigint, users text[])
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  perform _reading(who, g);
  return query
    with here as (
      select distinct u.sub from readers m
      join online o on o.user_id = m.user_id
      join servers s on s.id = o.server and s.expires_at >= now()
      join users u on u.id = m.user_id
      where m.group_id = g)
    select (select count(*) from here), array(select sub from here order by sub limit n);
end $$;

-- In a group of its own members: as before. Where a club's are judged, its log has no joinings; whoever is in the
-- club hears all, and whoever was removed hears up to their cut.
create or replace function connections_hearing(g bigint, first bigint, last bigint)
returns table(connection text, from_seq bigint, to_seq bigint)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with hearing as (
    select m.user_id, greatest(first, m.since_seq) as from_seq, least(last, coalesce(m.to_seq, last)) as to_seq
    from memberships m join groups gr on gr.id = m.group_id and gr.members_of = gr.id
    where m.group_id = g and m.since_seq <= last and (m.to_seq is null or m.to_seq >= first)
    union all
    select r.user_id, first, last from readers r where r.group_id = g and r.inherits
    union all
    select a.cut, first, a.seq from actions a join groups gr on gr.id = g and gr.members_of <> gr.id
    where a.group_id = g and a.cut is not null and a.seq between first and last
      and not exists (select 1 from readers r where r.group_id = g and r.user_id = a.cut))
  select c.id, h.from_seq, h.to_seq from hearing h
  join connections c on c.user_id = h.user_id
  join sessions s on s.id = c.session and s.ended_at is null $$;

create or replace function connections_in(g bigint) returns table(connection text, user_id bigint)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select c.id, c.user_id from readers r
  join connections c on c.user_id = r.user_id
  join sessions s on s.id = c.session and s.ended_at is null
  where r.group_id = g $$;

-- --- channels -------------------------------------------------------------------------------------------------

create function _channel_json(g groups) returns jsonb
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object('name', g.name, 'description', g.description, 'announce', g.announce,
    'landing', g.landing, 'archived', g.archived_at is not null) $$;

create function create_channel(
  who bigint, club bigint, channel_key uuid, channel_name text, is_private boolean, about text, announcing boolean,
  lands boolean, channels_max int, own_max int)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare made club_keys; as_role text; rooms record; room groups; log logged[];
begin
  perform _lock(array[_self_group(who), club]);
  as_role := _role(who, club);
  if as_role is null or (select kind from groups where id = club) <> 'club' then perform _fail('not_found'); end if;
  select * into made from club_keys where user_id = who and key = channel_key;
  if made.group_id is not null then
    if made.name <> channel_name or (select parent from groups where id = made.group_id) is distinct from club then
      perform _fail('id_conflict');
    end if;
    return row(jsonb_build_object('group', made.group_id, 'repeated', true), null)::outcome;
  end if;
  if as_role = 'member' and (announcing or lands or (select rooms_by_admins from groups where id = club)) then
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
  return row(jsonb_build_object('group', room.id, 'repeated', false), log)::outcome;
end $$;

-- A channel as it is to be from now on; null = as it was.
create function change_channel(
  who bigint, g bigint, new_name text, about text, announcing boolean, lands boolean, archive boolean)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare before groups; after groups; me record;
begin
  -- with the club locked nobody comes in while its people are counted
  perform _lock(array[g, case when not lands then (select parent from groups where id = g) end]);
  perform _reading(who, g);
  select * into before from groups where id = g;
  select manages, role into me from readers where user_id = who and group_id = g;
  if before.kind <> 'channel' or not me.manages then perform _fail('forbidden'); end if;
  if me.role = 'member' and (coalesce(announcing, before.announce) <> before.announce
      or coalesce(lands, before.landing) <> before.landing) then
    perform _fail('forbidden');
  end if;
  update groups set name = coalesce(new_name, name), description = coalesce(about, description),
    announce = coalesce(announcing, announce), landing = coalesce(lands, landing),
    archived_at = case when archive then coalesce(archived_at, clock_timestamp()) when not archive then null
      else archived_at end
    where id = g returning * into after;
  if _channel_json(before) = _channel_json(after) then return row(null, null)::outcome; end if;
  if before.landing and not after.landing then  -- it stays where it was: in the lists of those who are here
    insert into follows(user_id, group_id, is_on)
      select user_id, g, true from memberships where group_id = after.members_of and to_seq is null order by user_id
      on conflict do nothing;
  end if;
  return row(null, array[_append(g, null, (jsonb_build_object('type', 'channel_changed', 'by', _sub(who))
    || _channel_json(after))::json)])::outcome;
end $$;

-- Into one's own list, or out of it.
create function follow_channel(who bigint, g bigint, follow boolean)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  perform _lock(array[_self_group(who)]);
  perform _reading(who, g);
  if (select members_of = id from groups where id = g) then perform _fail('forbidden'); end if;
  return row(null, _follow(who, g, follow))::outcome;
end $$;

-- For somebody whose self group is locked.
create function _follow(who bigint, g bigint, follow boolean) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  if _follows(who, g) = follow then return null; end if;
  insert into follows as f (user_id, group_id, is_on) values (who, g, follow)
    on conflict (user_id, group_id) do update set is_on = excluded.is_on;
  return array[_append(_self_group(who), null,
    json_build_object('type', 'channel_followed', 'group', g, 'on', follow))];
end $$;

create function _follows(who bigint, g bigint) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select coalesce((select is_on from follows where user_id = who and group_id = g),
                  (select landing from groups where id = g)) $$;

-- Members of the club into one of its channels: a private one is opened to them, a public one comes into their
-- lists, unless they took it out themselves. Whoever adds decides whether they read what was said before, as far as they read it themselves.
create function add_members(who bigint, g bigint, subs text[], with_history boolean)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare room groups; people bigint[]; one bigint; opened_from bigint; log logged[] := '{}';
begin
  people := array(select id from users where sub = any(subs) order by id);
  select * into room from groups where id = g;
  perform _lock(array[g, room.parent] || array(select _self_group(p) from unnest(people) p));
  perform _reading(who, g);
  select * into room from groups where id = g;
  if room.kind <> 'channel' or room.archived_at is not null then perform _fail('forbidden'); end if;
  if with_history then
    select from_seq into opened_from from memberships where group_id = g and user_id = who and to_seq is null;
  end if;
  foreach one in array people loop
    if _role(one, room.parent) is null then perform _fail('not_found'); end if;
    if room.members_of <> g then
      if one = who or not exists (select 1 from follows where user_id = one and group_id = g and not is_on) then
        log := log || _follow(one, g, true);
      end if;
    elsif _role(one, g) is null then
      log := log || _enter(g, one, 'member', who, opened_from);
    end if;
  end loop;
  if cardinality(people) < cardinality(subs) then perform _fail('not_found'); end if;
  return row(null, log)::outcome;
end $$;

-- `by` = whoever added them; `opened_from` = the first that they read, null = nothing that was said before.
drop function _enter(bigint, bigint, text);
create function _enter(g bigint, who bigint, as_role text, by bigint default null, opened_from bigint default 1)
returns logged[] language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare gr groups; person users; joined logged; told logged;
begin
  select * into gr from groups where id = g;
  select * into person from users where id = who;
  joined := _append(g, null, json_strip_nulls(json_build_object('type', 'member_joined', 'user', person.sub,
    'name', person.name, 'role', as_role, 'by', _sub(by))), joined => who);
  insert into memberships(group_id, user_id, role, since_seq, from_seq, opened_at)
    values (g, who, as_role, joined.seq, coalesce(opened_from, joined.seq), joined.at);
  told := _append(_self_group(who), null, json_strip_nulls(json_build_object(
    'type', 'added_to_group', 'group', g, 'kind', gr.kind, 'name', gr.name, 'parent', gr.parent)));
  return array[joined, told];
end $$;

create or replace function remove_member(who bigint, club bigint, target_sub text)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare target bigint; self bigint; below bigint[]; kind_of text;
begin
  select id into target from users where sub = target_sub;
  self := _self_group(target);
  select kind into kind_of from groups where id = club;
  if kind_of in ('channel', 'dm') then
    perform _lock(array[self, club]);
    return row(null, _remove_from_room(who, club, target))::outcome;
  end if;
  perform _lock(array[self, club] || _groups_below(club));
  below := _groups_below(club);  -- with the club locked no more are made; one made meanwhile has the highest id
  perform _lock(below);
  return row(null, _remove_from_club(who, club, target, below))::outcome;
end $$;

create function _remove_from_club(who bigint, club bigint, target bigint, below bigint[]) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare asker_role text := _role(who, club); target_role text := _role(target, club); theirs bigint[]; g bigint;
  log logged[];
begin
  if asker_role is null or target_role is null then perform _fail('not_found'); end if;
  if (select kind from groups where id = club) <> 'club' then perform _fail('forbidden'); end if;
  if who <> target and not (asker_role = 'owner' or asker_role = 'admin' and target_role = 'member') then
    perform _fail('forbidden');
  end if;
  if target_role = 'owner' and not exists (select 1 from memberships
      where group_id = club and user_id <> target and to_seq is null and role = 'owner') then
    perform _fail('last_owner');
  end if;
  theirs := array(select group_id from readers where user_id = target and group_id = any(below || club) order by group_id);
  foreach g in array theirs loop
    log := log || _close(g, target, who);
  end loop;
  delete from follows where user_id = target and group_id = any(below);
  return log;
end $$;

-- The last action that somebody hears of a group that is locked, and their membership of it, if it has any of its own.
create function _close(g bigint, target bigint, by bigint) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare entry logged; log logged[] := _hand_on(g, target, by);
begin
  entry := _append(g, null, json_build_object('type', 'member_removed', 'user', _sub(target), 'by', _sub(by)), cut => target);
  update memberships set to_seq = entry.seq where group_id = g and user_id = target and to_seq is null;
  if not found then return log || entry; end if;
  return log || entry
    || _append(_self_group(target), null, json_build_object('type', 'removed_from_group', 'group', g));
end $$;

-- Where the last owner of a private channel goes, whoever has been there longest follows; where nobody is left, it is
-- archived.
create function _hand_on(g bigint, target bigint, by bigint) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare heir bigint; room groups;
begin
  if not exists (select 1 from groups where id = g and kind = 'channel' and members_of = id)
    or exists (select 1 from memberships
      where group_id = g and user_id <> target and to_seq is null and role = 'owner') then
    return null;
  end if;
  update memberships set role = 'owner' where id = (select min(id) from memberships
    where group_id = g and user_id <> target and to_seq is null) returning user_id into heir;
  if heir is not null then
    return array[_append(g, null, json_build_object('type', 'role_changed', 'user', _sub(heir), 'role', 'owner'))];
  end if;
  update groups set archived_at = clock_timestamp() where id = g and archived_at is null returning * into room;
  if room.id is null then return null; end if;
  return array[_append(g, null, (jsonb_build_object('type', 'channel_changed', 'by', _sub(by))
    || _channel_json(room))::json)];
end $$;

-- Out of a private channel, or a conversation of more than two.
create function _remove_from_room(who bigint, g bigint, target bigint) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare room groups; asker_role text := _role(who, g); target_role text := _role(target, g);
begin
  select * into room from groups where id = g;
  if asker_role is null then perform _reading(who, g); perform _fail('forbidden'); end if;
  if target_role is null then perform _fail('not_found'); end if;
  if who <> target and (room.kind = 'dm' or asker_role <> 'owner' and coalesce(_role(who, room.parent), 'member') = 'member') then
    perform _fail('forbidden');
  end if;
  if room.kind = 'dm' and (select count(*) from memberships where group_id = g) <= 2 then perform _fail('forbidden'); end if;
  return _close(g, target, who);
end $$;

-- What the owner of a club decides; null = as it was.
create function change_club(who bigint, club bigint, rooms_only_by_admins boolean, no_dms boolean)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare before groups; after groups;
begin
  perform _lock(array[club]);
  perform _reading(who, club);
  select * into before from groups where id = club;
  if before.kind <> 'club' or _role(who, club) <> 'owner' then perform _fail('forbidden'); end if;
  update groups set rooms_by_admins = coalesce(rooms_only_by_admins, rooms_by_admins),
    dms_off = coalesce(no_dms, dms_off) where id = club returning * into after;
  if (before.rooms_by_admins, before.dms_off) = (after.rooms_by_admins, after.dms_off) then
    return row(null, null)::outcome;
  end if;
  return row(null, array[_append(club, null, json_build_object('type', 'club_changed', 'by', _sub(who),
    'rooms_by_admins', after.rooms_by_admins, 'dms_off', after.dms_off))])::outcome;
end $$;

-- --- conversations of two to ten ------------------------------------------------------------------------------

-- The self group of whoever opens one is locked: their conversations of a day can be counted.
create function open_dm(who bigint, subs text[], a_day_max int)
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
    if not _share_a_club(who, one) or _blocked_between(who, one) then perform _fail('forbidden'); end if;
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

-- Whom one has seen among the members of a club or a conversation: all others do not exist.
create function _have_met(one bigint, other bigint) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select exists (
    select 1 from memberships a join groups g on g.id = a.group_id and g.kind in ('club', 'dm')
    join memberships b on b.group_id = a.group_id and b.user_id = other
    where a.user_id = one and (a.to_seq is null or b.since_seq < a.to_seq)) $$;

create function block_person(who bigint, target_sub text, block boolean, blocks_max int)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare target bigint; self bigint := _self_group(who);
begin
  perform _lock(array[self]);
  select id into target from users where sub = target_sub and id <> who;
  if target is null or not _have_met(who, target) then perform _fail('not_found'); end if;
  if block = exists (select 1 from person_blocks where user_id = who and blocked = target) then
    return row(null, null)::outcome;
  end if;
  if block and (select count(*) from person_blocks where user_id = who) >= blocks_max then perform _fail('full'); end if;
  if block then
    insert into person_blocks(user_id, blocked) values (who, target);
  else
    delete from person_blocks where user_id = who and blocked = target;
  end if;
  return row(null, array[_append(self, null, json_build_object('type',
    case when block then 'person_blocked' else 'person_unblocked' end, 'user', target_sub))])::outcome;
end $$;

create function blocked_people(who bigint) returns setof text
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select u.sub from person_blocks b join users u on u.id = b.blocked where b.user_id = who order by u.sub $$;
