-- Pictures of people, of clubs, and covers of events: which file is shown is the one that is used. Nothing beside it says
-- so, and whatever ends a file ends that it is shown. Decision 0044.

create unique index files_avatar on files(owner) where purpose = 'avatar' and used_at is not null and state = 'ready';
create unique index files_shown on files(group_id, purpose)
  where purpose in ('picture', 'cover') and used_at is not null and state = 'ready';

create function _avatar_of(who bigint) returns uuid
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select id from files where owner = who and purpose = 'avatar' and used_at is not null and state = 'ready' $$;

create function _picture_of(g groups) returns uuid
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select case when g.kind = 'club' then (select id from files where group_id = g.id and purpose = 'picture'
    and purpose in ('picture', 'cover') and used_at is not null and state = 'ready') end $$;

-- As actions.EventCover.
create function _cover_json(f files) returns jsonb
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select case when f.id is not null then jsonb_build_object('id', f.id, 'width', f.width, 'height', f.height,
    'placeholder', f.placeholder) end $$;

-- What `who` has brought takes the place of what was shown; null = from here on nothing is. Whether that changes
-- anything. Whoever asks holds the locks of the group, or of the person's own. Raises invalid_field.
create function _show_file(who bigint, file uuid, as_purpose text, g bigint, moment timestamptz) returns boolean
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare f files; old files;
begin
  select * into old from files where (group_id = g or g is null and owner = who) and purpose = as_purpose
    and used_at is not null and state = 'ready' for update;
  if old.id is not distinct from file then return false; end if;
  if file is not null then
    select * into f from files where id = file for update;
    if f.id is null or f.owner <> who or f.purpose <> as_purpose or f.group_id is distinct from g
        or f.state <> 'ready' or f.used_at is not null then
      perform _fail('invalid_field', 'file: not here, not ready, or not brought for this');
    end if;
  end if;
  if old.id is not null then perform _go(old, moment); end if;
  update files set used_at = moment where id = file;
  return true;
end $$;

-- One's own; null = none. Told in every group that one is in, and on one's own devices. Raises invalid_field; a
-- refusal is rate_limited.
create function set_avatar(who bigint, file uuid, limits text, moment timestamptz) returns outcome
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); wait_ms bigint; g bigint; log logged[] := '{}';
begin
  if file is not null then
    wait_ms := _wait(limits, at_now);
    if wait_ms is not null then return _refused('rate_limited', wait_ms); end if;
  end if;
  perform _lock_everywhere(who);
  if not _show_file(who, file, 'avatar', null, at_now) then return row('{}', null)::outcome; end if;
  if file is not null then perform _count(limits, at_now); end if;
  for g in select group_id from memberships where user_id = who and to_seq is null order by group_id loop
    log := log || _append(g, null, json_strip_nulls(json_build_object(
      'type', 'person_pictured', 'user', _sub(who), 'avatar', file)));
  end loop;
  return row('{}', log)::outcome;
end $$;

-- By who runs the club; null = its sign is shown. Raises not_found, forbidden, invalid_field.
create function set_picture(who bigint, club bigint, file uuid, moment timestamptz) returns outcome
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare gr groups; before jsonb; after jsonb;
begin
  perform _lock(array[club]);
  perform _reading(who, club);
  select * into gr from groups where id = club;
  if gr.kind <> 'club' or gr.suspended_at is not null or _role(who, club) = 'member' then
    perform _fail('forbidden');
  end if;
  before := _club_json(gr);
  if not _show_file(who, file, 'picture', club, coalesce(moment, clock_timestamp())) then
    return row(null, null)::outcome;
  end if;
  after := _club_json(gr);
  perform _audit(club, who, 'club_changed', details => _difference(before, after));
  return row(null, array[_append(club, null,
    (jsonb_build_object('type', 'club_changed', 'by', _sub(who)) || after)::json)])::outcome;
end $$;

-- By who may change the event, for all its dates; null = none. One that is cancelled gets no other. Raises not_found,
-- forbidden, answers_closed, invalid_field.
create function set_cover(who bigint, event_key uuid, file uuid, moment timestamptz) returns outcome
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare e events := _event_locked(who, event_key, true); f files;
begin
  if file is not null and e.cancelled_at is not null then perform _fail('answers_closed'); end if;
  if not _show_file(who, file, 'cover', e.group_id, coalesce(moment, clock_timestamp())) then
    return row(null, null)::outcome;
  end if;
  select * into f from files where id = file;
  perform _audit_event(e.group_id, who, 'event_changed');
  return row(null, array[_append_event(e.group_id, jsonb_strip_nulls(jsonb_build_object(
    'type', 'event_covered', 'by', _sub(who), 'cover', _cover_json(f)))::json)])::outcome;
end $$;

-- --- where it is told -----------------------------------------------------------------------------------------

-- As in 0039, and with their picture.
create or replace function _enter(
  g bigint, who bigint, as_role text, by bigint default null, opened_from bigint default 1,
  below_from jsonb default null, code bigint default null)
returns logged[] language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare gr groups; person users; joined logged; told logged;
begin
  select * into gr from groups where id = g;
  select * into person from users where id = who;
  joined := _append(g, null, json_strip_nulls(json_build_object('type', 'member_joined', 'user', person.sub,
    'name', person.name, 'role', as_role, 'by', _sub(by),
    'managed', case when person.managed then true end, 'avatar', _avatar_of(who))), joined => who);
  insert into memberships(group_id, user_id, role, since_seq, from_seq, opened_at, below_from, came_by)
    values (g, who, as_role, joined.seq, coalesce(opened_from, joined.seq), joined.at,
      coalesce(_enter.below_from, case when opened_from is distinct from 1 then (
        select jsonb_object_agg(b.id, b.head + 1) from groups b where b.members_of = g and b.id <> g) end), code);
  told := _append(_self_group(who), null, json_strip_nulls(json_build_object(
    'type', 'added_to_group', 'group', g, 'kind', gr.kind, 'name', gr.name, 'parent', gr.parent)));
  return array[joined, told];
end $$;

-- As in 0014, and with their picture, as long as they are in it.
create or replace function _members(g bigint) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with latest as (
    select distinct on (user_id) * from memberships where group_id = g order by user_id, since_seq desc),
  labelled as (
    select ml.user_id, jsonb_agg(l.key order by l.key) as keys
    from labels l join member_labels ml on ml.label_id = l.id where l.group_id = g group by ml.user_id)
  select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('user', u.sub, 'name', u.name, 'role', m.role,
           'left', m.to_seq is not null, 'labels', lb.keys, 'avatar', f.id,
           'managed', case when u.managed then true end, 'gone', case when u.gone_at is not null then true end))
         order by u.sub), '[]')
  from latest m join users u on u.id = m.user_id
  left join labelled lb on lb.user_id = m.user_id and m.to_seq is null
  left join files f on f.owner = m.user_id and m.to_seq is null
    and f.purpose = 'avatar' and f.used_at is not null and f.state = 'ready' $$;

-- As in 0038, and the picture of a club.
create or replace function _group_json(g groups) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object('group', g.id, 'kind', g.kind, 'name', g.name, 'parent', g.parent,
    'private', g.members_of = g.id, 'description', g.description, 'announce', g.announce, 'landing', g.landing,
    'archived', g.archived_at is not null, 'rooms_by_admins', g.rooms_by_admins, 'dms_off', g.dms_off,
    'time_zone', g.time_zone, 'language', g.language, 'sign', g.sign, 'colour', g.colour, 'picture', _picture_of(g),
    'history', g.history, 'joining_paused', g.joining_paused, 'members_invite', g.members_invite,
    'default_level', g.default_level, 'events_by_members', g.events_by_members,
    'suspended', g.suspended_at is not null) $$;

create or replace function _club_json(g groups) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object('name', g.name, 'time_zone', g.time_zone, 'language', g.language, 'sign', g.sign,
    'colour', g.colour, 'picture', _picture_of(g), 'history', g.history, 'members_invite', g.members_invite,
    'announce', g.announce, 'joining_paused', g.joining_paused, 'rooms_by_admins', g.rooms_by_admins,
    'dms_off', g.dms_off, 'default_level', g.default_level, 'events_by_members', g.events_by_members) $$;

-- As in 0045, and the cover.
create or replace function _events_json(gs bigint[]) returns table(group_id bigint, event jsonb)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with counted as materialized (select * from _counts_in(gs, null)),
  listed as materialized (
    select o.group_id, jsonb_agg(_occurrence_json(o) || jsonb_build_object('counts', coalesce(c.counts, _nobody()))
      order by o.key) as occurrences
    from occurrences o left join counted c on c.group_id = o.group_id and c.key = o.key
    where o.group_id = any(gs) group by o.group_id)
  select e.group_id, e.says - 'name' || jsonb_build_object('event', e.key, 'by', u.sub,
    'cancelled', e.cancelled_at is not null, 'cover', _cover_json(f),
    'occurrences', coalesce(listed.occurrences, '[]'))
  from events e join users u on u.id = e.by_user left join listed on listed.group_id = e.group_id
  left join files f on f.group_id = e.group_id and f.purpose = 'cover' and f.purpose in ('picture', 'cover')
    and f.used_at is not null and f.state = 'ready'
  where e.group_id = any(gs) $$;
