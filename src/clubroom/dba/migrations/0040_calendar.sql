-- One's events in the calendar of one's telephone, at an address that whoever knows it may read. Decision 0036. The
-- address is not here: it is made of `nonce` and a key of the server, and a new nonce makes new addresses.

create table calendars(
  user_id bigint primary key references users,
  nonce bytea not null unique check (octet_length(nonce) = 16));

-- Somebody's, made where there is none yet, or `anew`; with the clubs that have one of their own.
create function open_calendar(who bigint, fresh bytea, anew boolean)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare found_nonce bytea;
begin
  perform 1 from users where id = who and gone_at is null for key share;
  if not found then perform _fail('unauthorized'); end if;
  insert into calendars as c (user_id, nonce) values (who, fresh)
    on conflict (user_id) do update set nonce = case when anew then excluded.nonce else c.nonce end
    returning nonce into found_nonce;
  return row(jsonb_build_object('nonce', encode(found_nonce, 'hex'), 'clubs', (
    select coalesce(jsonb_agg(jsonb_build_object('group', g.id, 'name', g.name) order by g.name, g.id), '[]')
    from memberships m join groups g on g.id = m.group_id
    where m.user_id = who and m.to_seq is null and g.kind = 'club' and g.deleted_at is null)), null)::outcome;
end $$;

create function _calendars_go() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  delete from calendars where user_id = new.id;
  return null;
end $$;
create trigger calendars_go after update of gone_at on users
  for each row when (new.gone_at is not null) execute function _calendars_go();

-- One line for each occurrence with a date of these events, the earliest first, with one's own answer.
create function _calendar_lines(who bigint, events_asked bigint[], since timestamptz, most int) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_strip_nulls(to_jsonb(line)) order by line.start, line.event, line.key), '[]') from (
    select e.key as event, o.key, e.group_id as "group", g.name, club.name as club,
      nullif(left(e.says ->> 'text', 500), '') as text, nullif(coalesce(o.place, e.says ->> 'place'), '') as place,
      _rfc3339(o.starts_at) as start, _rfc3339(o.ends_at) as "end",
      case when o.cancelled or e.cancelled_at is not null then true end as cancelled,
      case when a.queued_seq is not null then a.standing when a.standing = 'in' or a.answer <> 'going' then a.answer
        end as answer,
      _rfc3339(greatest(e.changed_at, a.at)) as changed
    from events e join groups g on g.id = e.group_id join groups club on club.id = _club_of(g.id)
    join occurrences o on o.group_id = e.group_id
    left join answers a on a.group_id = e.group_id and a.key = o.key and a.user_id = who
    where e.group_id = any(events_asked) and o.starts_at is not null and coalesce(o.ends_at, o.starts_at) >= since
    order by o.starts_at, e.key, o.key limit most) line $$;

-- What is read at such an address: of one club, or of all (null). Whom an event asks, or who has answered to it, has it.
-- Null = nobody has this address.
create function calendar_at(of_nonce bytea, of_club bigint, since timestamptz, most int) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare who bigint; asked bigint[];
begin
  select user_id into who from calendars where nonce = of_nonce;
  if who is null or of_club is not null and not exists (select 1 from readers where user_id = who and group_id = of_club) then
    return null;
  end if;
  asked := array(select e.group_id from readers r join events e on e.group_id = r.group_id
    join groups g on g.id = e.group_id
    where r.user_id = who and g.kind = 'event' and g.archived_at is null
      and (of_club is null or _club_of(g.id) = of_club) and (e.over_at is null or e.over_at >= since)
      and (_is_asked(e.group_id, who) or exists (
        select 1 from answers a where a.group_id = e.group_id and a.user_id = who)));
  return jsonb_build_object('language', _language_of(who), 'club', (select name from groups where id = of_club),
    'lines', _calendar_lines(who, asked, since, most));
end $$;

-- One event, for whoever may read it.
create function calendar_of(who bigint, event_key uuid, most int) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare g bigint;
begin
  select group_id into g from events where key = event_key;
  if g is null then perform _fail('not_found'); end if;
  perform _reading(who, g);
  return jsonb_build_object('language', _language_of(who), 'lines', _calendar_lines(who, array[g], '-infinity', most));
end $$;
