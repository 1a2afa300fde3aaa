-- Events, mended: one word says whether an event takes part in life, in its chat, too; what is not said in an answer stays
-- as it was; who is told in quiet hours is worked out for all of them at once; letters are written in turn; a label that
-- is no more asks nobody; numbers that could not be counted are not counted again at once.

-- --- whether it takes part in life ----------------------------------------------------------------------------

-- The one place that says whether an event still takes part in life: neither it nor the club or room that it is for is
-- archived, suspended or deleted. A club that is suspended or deleted says so of all that lies below it.
create function _event_lives(g bigint) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select exists (select 1 from groups e join groups room on room.id = e.parent
    where e.id = g and e.archived_at is null and e.suspended_at is null and e.deleted_at is null
      and room.archived_at is null and room.suspended_at is null and room.deleted_at is null) $$;

-- As in 0038, by the one word for it.
create or replace function _event_locked(who bigint, event_key uuid, running boolean, more bigint[] default '{}') returns events
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare found_event events;
begin
  select * into found_event from events where key = event_key;
  if found_event.group_id is null then perform _fail('not_found'); end if;
  perform _lock(found_event.group_id || more);
  perform _reading(who, found_event.group_id);
  select * into found_event from events where key = event_key;
  if running and not (select manages from readers where user_id = who and group_id = found_event.group_id) then
    perform _fail('forbidden');
  end if;
  if not _event_lives(found_event.group_id) then perform _fail('forbidden'); end if;
  return found_event;
end $$;

-- As in 0014; in the chat of an event as in the room that it is for.
create or replace view readers with (security_invoker = true) as
  select m.user_id, g.id as group_id, m.role, m.opened_at, m.since_seq,
    g.members_of <> g.id as inherits,
    greatest(g.floor + 1, case
      when m.from_seq = 1 then 1
      when g.members_of = g.id then m.from_seq
      else coalesce((m.below_from ->> g.id::text)::bigint, 1)
    end) as first_seq,
    _manages(g, m.user_id, m.role) as manages,
    m.may_post and g.archived_at is null and g.suspended_at is null
      and (not g.announce or _manages(g, m.user_id, m.role))
      and case g.kind when 'dm' then _may_write_dm(m.user_id, g.id) when 'event' then _event_lives(g.id) else true end
      as may_post
  from groups g join memberships m on m.group_id = g.members_of where m.to_seq is null;

create or replace function _standing(m messages) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  if m.deleted_at is not null then perform _fail('not_found'); end if;
  if exists (select 1 from groups where id = m.group_id and (archived_at is not null or suspended_at is not null
      or kind = 'event' and not _event_lives(id))) then
    perform _fail('forbidden');
  end if;
end $$;

-- As in 0014; only what is said in the chat of an event asks whether that takes part in life.
create or replace function post_messages(
  ids uuid[], gs bigint[], authors bigint[], texts text[], macs bytea[], bodies bytea[], replies uuid[], called text[])
returns setof posted language plpgsql security definer set search_path = clubroom, pg_temp as $$
#variable_conflict use_column
declare now_at timestamptz;
begin
  -- Two statements: judged in one with the lock, membership would come from a snapshot older than the lock (L10).
  perform 1 from groups where id = any(gs) order by id for no key update;
  now_at := clock_timestamp();
  return query
  with asked as materialized (
    select * from unnest(ids, gs, authors, texts, macs, bodies, replies, called)
      with ordinality as a(id, g, author, text, mac, body, reply, called, ord)),
  judged as materialized (
    select a.*, m.seq as old_seq, m.sent_at as old_at,
      case when ms.may_post is null then 'not_found'
           when m.id is not null and (m.author <> a.author or m.group_id <> a.g
                or coalesce(m.sent_mac <> a.mac, false)) then 'id_conflict'
           when m.id is not null then 'duplicate'
           when not ms.may_post or gr.archived_at is not null or gr.suspended_at is not null
             or gr.announce and not _manages(gr, a.author, ms.role) then 'forbidden'
           when gr.kind = 'dm' and not _may_write_dm(a.author, a.g) then 'forbidden'
           when gr.kind = 'event' and not _event_lives(a.g) then 'forbidden'
           when a.called is not null and gr.kind <> 'dm' and not _manages(gr, a.author, ms.role)
             and not _may_call(a.author, a.called) then 'forbidden'
           when a.reply is not null and not exists (
             select 1 from messages r where r.id = a.reply and r.group_id = a.g) then 'invalid_field'
           when row_number() over (partition by a.id order by a.ord) > 1 then 'repeat'
           else 'ok' end as code
    from asked a
    left join groups gr on gr.id = a.g
    left join memberships ms on ms.group_id = gr.members_of and ms.user_id = a.author and ms.to_seq is null
    left join messages m on m.id = a.id),
  counted as (select g, count(*) as n from judged where code = 'ok' group by g),
  moved as (update groups set head = head + c.n from counted c where id = c.g returning id, head - c.n as base),
  placed as materialized (
    select j.*, v.base + row_number() over (partition by j.g order by j.ord) as seq
    from judged j join moved v on v.id = j.g where j.code = 'ok'),
  wrote as (insert into messages(id, group_id, seq, author, sent_at, text, sent_mac, reply_to)
    select id, g, seq, author, now_at, text, mac, reply from placed order by id),
  logged as (insert into actions(group_id, seq, at, target, body)
    select g, seq, now_at, id, body from placed order by g, seq),
  noted as (insert into mentions(group_id, user_id, seq)
    select p.g, coalesce(u.id, -l.id, 0), p.seq from placed p
    cross join lateral (select distinct sub from jsonb_array_elements_text(p.called::jsonb) as c(sub)) c
    left join users u on u.sub = c.sub
    left join labels l on l.key = _label_key(c.sub) and l.group_id = _club_of(p.g)
    where p.called is not null and (u.id is not null or l.id is not null or c.sub = '*'))
  select j.ord::int, j.code, coalesce(p.seq, j.old_seq), coalesce(case when p.seq is not null then now_at end, j.old_at)
  from judged j left join placed p using (ord) order by j.ord;
end $$;

-- As in 0039, by the one word for it.
create or replace function _lapsed(moment timestamptz) returns setof answers
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select a.* from answers a join events e on e.group_id = a.group_id
  join occurrences o on o.group_id = a.group_id and o.key = a.key
  where a.until <= moment and e.cancelled_at is null and not o.cancelled and _event_lives(a.group_id)
  order by a.until, a.queued_seq $$;

create or replace function calendar_at(of_nonce bytea, of_club bigint, since timestamptz, most int) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare who bigint; asked bigint[];
begin
  select user_id into who from calendars where nonce = of_nonce;
  if who is null or of_club is not null and not exists (select 1 from readers where user_id = who and group_id = of_club) then
    return null;
  end if;
  asked := array(select e.group_id from readers r join events e on e.group_id = r.group_id
    join groups g on g.id = e.group_id
    where r.user_id = who and g.kind = 'event' and _event_lives(g.id)
      and (of_club is null or _club_of(g.id) = of_club) and (e.over_at is null or e.over_at >= since)
      and (_is_asked(e.group_id, who) or exists (
        select 1 from answers a where a.group_id = e.group_id and a.user_id = who)));
  return jsonb_build_object('language', _language_of(who), 'club', (select name from groups where id = of_club),
    'lines', _calendar_lines(who, asked, since, most));
end $$;

-- As in 0041, by the one word for it: asked only of those whose reminders are due.
create or replace function _due_for_reminders(moment timestamptz) returns setof occurrences
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with due as materialized (
    select o from occurrences o join events e on e.group_id = o.group_id and e.cancelled_at is null
    where o.starts_at > moment and o.starts_at <= moment + interval '28 days' and not o.cancelled and exists (
      select 1 from (select unnest(_reminders_of(null)) union select unnest(w.minutes)
        from reminder_wishes w where w.group_id = o.group_id) before(minutes)
      where o.starts_at - make_interval(mins => before.minutes) between o.reminded_upto and moment))
  select (due.o).* from due where _event_lives((due.o).group_id)
  order by (due.o).starts_at, (due.o).group_id, (due.o).key limit 1 $$;

-- As in 0041, and nothing of what takes no part in life.
create or replace function _still_to_tell(as_what text, who bigint, g bigint, at_key text, moment timestamptz) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select coalesce(bool_or(e.cancelled_at is null and not o.cancelled and coalesce(o.starts_at > moment, true)
    and _event_lives(g)
    and case as_what
      when 'offer' then a.standing = 'offered' and a.until > moment
      when 'reminder' then a.standing = 'in' or a.answer = 'maybe'
      when 'changed' then a.again
      when 'asked' then a.user_id is null and coalesce(_closes_at(g, at_key) > moment, true) end), false)
  from events e join occurrences o on o.group_id = e.group_id and o.key = at_key
  left join answers a on a.group_id = o.group_id and a.key = o.key and a.user_id = who
  where e.group_id = g $$;

create or replace function _to_answer(who bigint, g bigint) returns text
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select next.key from events e
  cross join lateral (select o.key from occurrences o where o.group_id = g and not o.cancelled
    and (o.starts_at is null or o.starts_at - make_interval(mins => e.closes_min) > now())
    order by o.starts_at, o.key limit 1) next
  where e.group_id = g and e.cancelled_at is null and _event_lives(g) and _is_asked(g, who) and not exists (
    select 1 from answers a where a.group_id = g and a.key = next.key and a.user_id = who and not a.again) $$;

create or replace function mailed_question(who bigint, g bigint, at_key text, moment timestamptz) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp());
begin
  perform _reading(who, g);
  if not exists (select 1 from occurrences where group_id = g and key = at_key) then perform _fail('not_found'); end if;
  return _event_told(who, g, at_key, 'asked') || jsonb_build_object('closed', not _event_lives(g) or
    exists (select 1 from events e join occurrences o on o.group_id = e.group_id and o.key = at_key
      where e.group_id = g and (e.cancelled_at is not null or o.cancelled or _closes_at(g, at_key) <= at_now)));
end $$;

-- How many come to occurrences of these groups, of these keys or (null) of all that have answers; and where everybody
-- sees who comes `faces`: the first five who have a place, by when they said so.
create function _counts_in(gs bigint[], keys text[]) returns table(group_id bigint, key text, counts jsonb)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with said as materialized (
    select a.* from answers a where a.group_id = any(gs) and (keys is null or a.key = any(keys))),
  by_label as (
    select a.group_id, a.key, a.label, sum(1 + a.guests) as n from said a
    where a.standing in ('in', 'offered') and a.label is not null group by a.group_id, a.key, a.label),
  labelled as (
    select l.group_id, l.key, jsonb_object_agg(l.label, l.n) as labels from by_label l group by l.group_id, l.key),
  people as (
    select a.group_id, a.key, count(*) filter (where standing = 'in') as going,
      count(*) filter (where answer = 'maybe') as maybe, count(*) filter (where answer = 'no') as no,
      count(*) filter (where queued_seq is not null) as waiting,
      coalesce(sum(1 + guests) filter (where standing in ('in', 'offered')), 0) as taken
    from said a group by a.group_id, a.key),
  first as (
    select o.group_id, o.key, jsonb_agg(u.sub order by o.nth) as faces from (
      select a.group_id, a.key, a.user_id, row_number() over (partition by a.group_id, a.key order by a.at, a.user_id) as nth
      from said a join events e on e.group_id = a.group_id and e.listed where a.standing = 'in') o
    join users u on u.id = o.user_id where o.nth <= 5 group by o.group_id, o.key)
  select p.group_id, p.key, jsonb_build_object('going', p.going, 'maybe', p.maybe, 'no', p.no, 'waiting', p.waiting,
    'taken', p.taken, 'labels', coalesce(l.labels, '{}'))
    || case when f.faces is null then '{}' else jsonb_build_object('faces', f.faces) end
  from people p left join labelled l on l.group_id = p.group_id and l.key = p.key
  left join first f on f.group_id = p.group_id and f.key = p.key $$;

create function _nobody() returns jsonb
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object('going', 0, 'maybe', 0, 'no', 0, 'waiting', 0, 'taken', 0, 'labels', '{}'::jsonb) $$;

create or replace function _event_counts(g bigint, at_key text) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select coalesce((select counts from _counts_in(array[g], array[at_key])), _nobody()) $$;

-- Events for all of these groups at once: a function for each of them costs more than what it says.
create function _events_json(gs bigint[]) returns table(group_id bigint, event jsonb)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with counted as materialized (select * from _counts_in(gs, null)),
  listed as materialized (
    select o.group_id, jsonb_agg(_occurrence_json(o) || jsonb_build_object('counts', coalesce(c.counts, _nobody()))
      order by o.key) as occurrences
    from occurrences o left join counted c on c.group_id = o.group_id and c.key = o.key
    where o.group_id = any(gs) group by o.group_id)
  select e.group_id, e.says - 'name' || jsonb_build_object('event', e.key, 'by', u.sub,
    'cancelled', e.cancelled_at is not null, 'occurrences', coalesce(listed.occurrences, '[]'))
  from events e join users u on u.id = e.by_user left join listed on listed.group_id = e.group_id
  where e.group_id = any(gs) $$;

create or replace function _event_json(g bigint) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select event from _events_json(array[g]) $$;

drop function _counts(bigint, text[]);

-- As in 0038, with all events at once; and the event of an archived room is as archived as that.
create or replace function my_groups(who bigint, most int default 100) returns setof jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with mine as materialized (
    select entry, place, case when entry ->> 'kind' = 'event' then (entry ->> 'group')::bigint end as event_group
    from _groups_with_levels(who, most) with ordinality as listed(entry, place)),
  event as materialized (
    select e.group_id, e.event, room.archived_at is not null as room_archived
    from _events_json(array(select event_group from mine where event_group is not null)) e
    join groups g on g.id = e.group_id join groups room on room.id = g.parent)
  select m.entry || jsonb_build_object('archived', (m.entry ->> 'archived')::boolean or coalesce(e.room_archived, false),
    'event', e.event || jsonb_build_object('mine', _own_answers(who, e.group_id)))
  from mine m left join event e on e.group_id = m.event_group order by m.place $$;

-- --- answers --------------------------------------------------------------------------------------------------

-- As in 0039; guests and note that are null stay as they were, but that only who is going brings guests.
create or replace function answer_event(
  who bigint, event_key uuid, at_key text, as_answer text, with_guests int, with_note text, target_sub text,
  past_all boolean, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare e events; target bigint := who; was answers; now_is answers; of_label uuid; as_standing text := 'out';
  at_now timestamptz := coalesce(moment, clock_timestamp()); log logged[]; needed int;
begin
  if target_sub is not null then
    select id into target from users where sub = target_sub;
    if target is null then perform _fail('not_found'); end if;
  end if;
  e := _event_to_answer(who, event_key, at_key, target, past_all, at_now);
  if not _is_asked(e.group_id, target)
      and not (select manages from readers where user_id = who and group_id = e.group_id) then
    perform _fail('not_asked');
  end if;
  select * into was from answers where group_id = e.group_id and key = at_key and user_id = target;
  with_guests := coalesce(with_guests, case when as_answer = 'going' then was.guests end, 0);
  with_note := coalesce(with_note, was.note, '');
  needed := 1 + with_guests;
  if with_guests > greatest(e.guests_max, was.guests) then  -- those who were promised stay, where fewer may be brought now
    perform _fail('invalid_field', 'guests: at most ' || e.guests_max);
  end if;
  if as_answer = 'going' then
    if e.by_label then  -- whoever waits does so in the line in which they are, and takes what is free in another
      of_label := case when was.standing in ('in', 'offered') then was.label
        else coalesce(_label_for(e.group_id, at_key, target, needed), case when was.standing = 'waiting' then was.label end) end;
      if of_label is null then perform _fail('not_asked'); end if;
    end if;
    as_standing := _standing_of(e, was, at_key, of_label, needed, past_all);
    if as_standing = 'waiting' and was.standing = 'waiting' then of_label := was.label; end if;
  end if;
  if (was.answer, was.standing, was.guests, was.note, was.again)
      is not distinct from (as_answer, as_standing, with_guests, with_note, false) then
    return row(jsonb_build_object('standing', as_standing), null)::outcome;
  end if;
  insert into answers as a (group_id, key, user_id, answer, guests, note, standing, label, at, by_user, queued_seq)
    values (e.group_id, at_key, target, as_answer, with_guests, with_note, as_standing, of_label, at_now,
      nullif(who, target), case when as_standing = 'waiting' then (select head + 1 from groups where id = e.group_id) end)
    on conflict (group_id, key, user_id) do update set answer = excluded.answer, guests = excluded.guests,
      note = excluded.note, standing = excluded.standing, label = excluded.label, at = excluded.at,
      by_user = excluded.by_user, again = false, until = null,
      queued_seq = case when excluded.standing = 'waiting' then coalesce(a.queued_seq, excluded.queued_seq) end
    returning * into now_is;
  log := _say_standing(now_is, who);
  if past_all then
    perform _audit_event(e.group_id, who, 'event_overridden', target, jsonb_build_object('answer', as_answer));
  end if;
  if as_answer <> 'no' and not exists (select 1 from follows where user_id = target and group_id = e.group_id) then
    log := log || _follow(target, e.group_id, true);
  end if;
  log := log || _offer_free(e.group_id, at_key, at_now);
  select standing into as_standing from answers where group_id = e.group_id and key = at_key and user_id = target;
  return row(jsonb_build_object('standing', as_standing), log)::outcome;
end $$;

-- As in 0041, without guests and note: whoever answers there says nothing of them.
create or replace function _event_told(who bigint, g bigint, at_key text, as_what text) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object('what', as_what, 'event', e.key, 'group', e.group_id, 'key', at_key, 'name', gr.name,
    'club', (select name from groups where id = _club_of(g)), 'zone', e.says ->> 'zone',
    'start', _rfc3339(o.starts_at), 'place', coalesce(o.place, e.says ->> 'place'), 'until', _rfc3339(a.until),
    'answer', a.answer)
  from events e join groups gr on gr.id = e.group_id
  left join occurrences o on o.group_id = e.group_id and o.key = at_key
  left join answers a on a.group_id = e.group_id and a.key = at_key and a.user_id = who
  where e.group_id = g $$;

-- As in 0039, and a label that is no more is as if it had never been named: with none left everybody is asked.
create or replace function _is_asked(g bigint, who bigint) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select e.says -> 'asked' = '[]' or exists (select 1 from member_labels ml join labels l on l.id = ml.label_id
    where ml.user_id = who and e.says -> 'asked' ? l.key::text)
    or not exists (select 1 from jsonb_array_elements_text(e.says -> 'asked') a join labels l on l.key = a::uuid)
  from events e where e.group_id = g $$;

-- As in 0038; a label that the event named already may be gone since: who changes something else is not to blame.
drop function _check_event(bigint, jsonb);
create function _check_event(parent bigint, says jsonb, before jsonb default '{"label_places": [], "asked": []}') returns void
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare host text := says ->> 'host';
begin
  if exists (select 1 from (select unnest(_labels_named(says)) except select unnest(_labels_named(before))) named(key)
      where not exists (select 1 from labels l where l.key = named.key and l.group_id = _club_of(parent))) then
    perform _fail('invalid_field', 'There is no such label.');
  end if;
  if host is not null and not exists (select 1 from readers r join users u on u.id = r.user_id
      where r.group_id = parent and u.sub = host) then
    perform _fail('invalid_field', 'host: nobody who is here');
  end if;
end $$;

create function _labels_named(says jsonb) returns uuid[]
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select array(select (p ->> 'label')::uuid from jsonb_array_elements(says -> 'label_places') p
    union select a::uuid from jsonb_array_elements_text(says -> 'asked') a) $$;

create or replace function _event_to_change(who bigint, event_key uuid, event_says jsonb) returns events
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare e events; told bigint[] := '{}';
begin
  if event_says ->> 'list_shown' = 'admins' then
    told := array(select _self_group(a.user_id) from events x join answers a on a.group_id = x.group_id
        where x.key = event_key and a.standing <> 'out')
      || array(select _admins_log(group_id) from events where key = event_key);
  end if;
  e := _event_locked(who, event_key, true, told);
  if e.cancelled_at is not null then perform _fail('answers_closed'); end if;
  if event_says <> e.says then  -- one day of it can be moved also where its host has left
    perform _check_event((select parent from groups where id = e.group_id), event_says, e.says);
  end if;
  if not e.listed and event_says ->> 'list_shown' = 'all' and exists (select 1 from answers where group_id = e.group_id) then
    perform _fail('invalid_field', 'list_shown: answers were given to admins alone');
  end if;
  return e;
end $$;

-- --- telling --------------------------------------------------------------------------------------------------

-- This zone, or UTC where this PostgreSQL does not know it.
create function _zone_or_utc(zone text) returns text
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  perform now() at time zone zone;
  return zone;
exception when invalid_parameter_value then
  return 'UTC';
end $$;

-- Of these people those whose quiet hours hold at this moment, and when these are over; null = not within a day. By the
-- clock on their wall: an end of 07:00 is that also in the night in which the clocks change.
drop function _quiet_ends(bigint, timestamptz);
create function _quiet_ends(people bigint[], moment timestamptz) returns table(user_id bigint, ends_at timestamptz)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with zone as materialized (
    select z as said, _zone_or_utc(z) as name, _week_minute(z, moment) as minute from (
      select distinct time_zone as z from quiet_hours where user_id = any(people)) zones),
  lasting as (
    select q.user_id, zone.name, upper(span) - zone.minute + case when upper(span) = 10080  -- Sunday's night goes on
        then coalesce((select upper(s) from unnest(q.week) s where s @> 0), 0) else 0 end as minutes
    from quiet_hours q join zone on zone.said = q.time_zone cross join lateral unnest(q.week) span
    where q.user_id = any(people) and span @> zone.minute)
  select user_id, case when minutes <= 1440 then
    (date_trunc('minute', moment at time zone name) + make_interval(mins => minutes)) at time zone name end
  from lasting $$;

-- As in 0041, with the ends of all quiet hours at once.
create or replace function _tell_event(
  g bigint, at_key text, people bigint[], as_what text, over_mutes boolean, moment timestamptz) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  if people = '{}' then return; end if;
  people := array(select w.user_id from _notification_wishes(g, people, moment) w
    where over_mutes or w.level <> 'nothing' and not w.muted order by w.user_id);
  insert into pushes(kind, session, user_id, group_id, seq, made_at, due_at, about)
    select 'event', t.session, t.user_id, g, (select head from groups where id = g),
      coalesce(q.ends_at, moment), coalesce(q.ends_at, moment),
      jsonb_strip_nulls(jsonb_build_object('what', as_what, 'key', at_key))
    from reached t left join _quiet_ends(people, moment) q on q.user_id = t.user_id
    where t.user_id = any(people) and (q.user_id is null or q.ends_at is not null) order by t.session;
  if as_what <> 'reminder' then
    perform _mail_event(g, at_key, people, as_what, moment);
  end if;
end $$;

-- As in 0039, without a step for each quarter of an hour.
create or replace function _held_until(who bigint, closes_at timestamptz, moment timestamptz) returns timestamptz
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare until_at timestamptz := moment + least(interval '1 day',
    greatest(interval '15 minutes', coalesce((closes_at - moment) / 4, interval '1 day')));
  last_at timestamptz := coalesce(closes_at, moment + interval '2 days');
begin
  return least(last_at, coalesce(
    (select coalesce(q.ends_at, last_at) + interval '30 minutes' from _quiet_ends(array[who], until_at) q), until_at));
end $$;

-- Who counts letters holds rows of mail_wishes until the end of the transaction, in which several people may be told one
-- after the other, in the order of a waiting list. So one transaction at a time does: within each call the rows come in
-- the order of their people, and between calls nobody else is there to hold what is waited for.
create function _count_letters_in_turn() returns void
language sql volatile security definer set search_path = clubroom, pg_temp as $$
  select pg_advisory_xact_lock(hashtext('clubroom.letters')) $$;

-- As in 0041, in turn; where nobody of them gets letters nobody waits for that.
create or replace function _mail_event(g bigint, at_key text, people bigint[], as_what text, moment timestamptz) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  if not exists (select 1 from mail_wishes w join credentials c on c.user_id = w.user_id
      where w.user_id = any(people) and w.announcements and not w.refused and c.verified_at is not null) then
    return;
  end if;
  perform _count_letters_in_turn();
  with asked as materialized (
    select w.user_id, c.email from mail_wishes w join credentials c on c.user_id = w.user_id
    where w.user_id = any(people) and w.announcements and not w.refused and c.verified_at is not null
      and (w.told < 10 or w.told_since <= moment - interval '1 day')
      and not exists (select 1 from push_targets t join sessions s on s.id = t.session
        where t.user_id = w.user_id and s.ended_at is null)
    order by w.user_id limit _room_for_news() for update of w),
  counted as (
    update mail_wishes w set told = case when w.told_since > moment - interval '1 day' then w.told + 1 else 1 end,
      told_since = case when w.told_since > moment - interval '1 day' then w.told_since else moment end
    from asked a where w.user_id = a.user_id)
  insert into outbox(kind, address, template, language, params, created_at, due_at, bulk)
  select 'mail', a.email, 'event_' || as_what, 'en',  -- theirs is asked for when it is sent
    jsonb_build_object('who', a.user_id, 'group', g, 'key', at_key), moment, moment, true from asked a;
end $$;

-- As in 0037, in turn; where nobody of them wants any nobody waits for that.
create or replace function _mail_announcement(g bigint, seq bigint, people bigint[], moment timestamptz) returns bigint[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); wanting bigint[]; told_now bigint[];
begin
  if not (select announce from groups where id = g) then return '{}'; end if;
  wanting := _wanting(people, g, at_now);
  if not exists (select 1 from mail_wishes w where w.user_id = any(wanting) and w.announcements and not w.refused) then
    return '{}';
  end if;
  perform _count_letters_in_turn();
  -- joined, and asked of nobody one by one: there may be thousands
  with asked as materialized (
    select w.user_id, c.email from mail_wishes w join credentials c on c.user_id = w.user_id
    join readers r on r.user_id = w.user_id and r.group_id = g
    where w.user_id = any(wanting) and w.announcements and not w.refused and c.verified_at is not null
      and _mail_announcement.seq >= r.first_seq
      and (w.told < 10 or w.told_since <= at_now - interval '1 day')
      and not exists (select 1 from push_targets t join sessions s on s.id = t.session
        where t.user_id = w.user_id and s.ended_at is null)
    order by w.user_id limit _room_for_news() for update of w),
  counted as (
    update mail_wishes w set told = case when w.told_since > at_now - interval '1 day' then w.told + 1 else 1 end,
      told_since = case when w.told_since > at_now - interval '1 day' then w.told_since else at_now end
    from asked a where w.user_id = a.user_id),
  wrote as (
    insert into outbox(kind, address, template, language, params, created_at, due_at, bulk)
    select 'mail', a.email, 'announcement', 'en',  -- theirs is asked for when it is sent
      jsonb_build_object('who', a.user_id, 'group', g, 'seq', _mail_announcement.seq), at_now, at_now, true from asked a)
  select array_agg(user_id order by user_id) into told_now from asked;
  return coalesce(told_now, '{}');
end $$;

-- --- numbers --------------------------------------------------------------------------------------------------

alter table statistics_made
  add tried_at timestamptz,                  -- when somebody began to count
  add fails int not null default 0;          -- times in a row that nobody came to the end of it

-- What is counted of clubs and rooms themselves. Each message moves the row of its group, so that PostgreSQL's own count of
-- what was written says nothing about it.
create function _statistics_groups() returns text
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select coalesce(sum(hashtextextended(concat_ws(' ', id, archived_at is null, deleted_at is null, landing,
    coalesce(time_zone, 'UTC')), 0)::numeric), 0)::text from groups where kind in ('club', 'channel') $$;

-- As in 0043, and what has become of clubs and rooms.
create or replace function _statistics_changes() returns text
language sql volatile security definer set search_path = clubroom, pg_temp as $$
  select concat(sum(n_tup_ins + n_tup_upd + n_tup_del), '/', _statistics_groups()) from pg_stat_all_tables
  where schemaname = 'clubroom' and relname in ('events', 'occurrences', 'answers', 'ticks', 'memberships', 'follows') $$;

-- Whether to count now: by one server at a time, at most once in `every_s`, and only where anything was written. Whoever is
-- told so counts in a transaction of its own; that it began stands here also when it never comes to the end, and then each
-- time twice as long passes until somebody tries again.
create function statistics_due(every_s int, moment timestamptz) returns boolean
language plpgsql volatile security definer set search_path = clubroom, pg_temp as $$
declare made statistics_made; changes_now text; at_now timestamptz := coalesce(moment, clock_timestamp());
begin
  select * into made from statistics_made for update skip locked;
  if not found or made.at > at_now - make_interval(secs => every_s)
      or made.tried_at > at_now - make_interval(secs => every_s * power(2, least(made.fails, 6))) then
    return false;
  end if;
  changes_now := _statistics_changes();
  if made.changes is not distinct from changes_now then
    update statistics_made set at = at_now;  -- what was not written to is still so
    return false;
  end if;
  update statistics_made set tried_at = at_now, fails = fails + 1;
  return true;
end $$;

-- As in 0043, when it is due.
drop function refresh_statistics(int, timestamptz);
create function refresh_statistics(moment timestamptz) returns boolean
language plpgsql volatile security definer set search_path = clubroom, pg_temp as $$
declare changes_now text;
begin
  perform 1 from statistics_made for update skip locked;
  if not found then return false; end if;
  changes_now := _statistics_changes();
  refresh materialized view concurrently statistics_answers;
  refresh materialized view concurrently statistics_people;
  refresh materialized view concurrently statistics_attendance;
  update statistics_made set at = coalesce(moment, clock_timestamp()), changes = changes_now, fails = 0;
  return true;
end $$;
