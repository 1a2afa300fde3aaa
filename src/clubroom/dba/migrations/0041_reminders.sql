-- Who is told of events beside what their logs say: reminders before an occurrence, a place that is offered, what has
-- changed, and whose answer is missing. Each of it is written in the commit of what it tells, so that it is told once,
-- however many workers there are and whenever one is killed. Decision 0037.
--
--   reminder_wishes  when somebody wants to be reminded of an event, where they said so
--   reminded         which reminders stand in people's logs
--   nudged           whom somebody asked for an answer, and when last
--   pushes           of kind `event`: `about` = {what, key}, see _tell_event

alter table occurrences add reminded_upto timestamptz not null default clock_timestamp();  -- what was due by then is written

create table reminder_wishes(
  group_id bigint not null references events on delete cascade,
  user_id bigint not null references users,
  minutes int[] not null check (cardinality(minutes) <= 5),  -- before the start; none = never
  at timestamptz not null,                   -- what would have been due by then is over
  primary key (group_id, user_id));

create table reminded(
  group_id bigint not null,
  key text not null,
  user_id bigint not null references users,
  minutes int not null,
  starts_at timestamptz not null,            -- moved to another time it is due once more
  primary key (group_id, key, user_id, minutes, starts_at),
  foreign key (group_id, key) references occurrences on delete cascade);
create index reminded_over on reminded(starts_at);

create table nudged(
  group_id bigint not null references events on delete cascade,
  user_id bigint not null references users,
  at timestamptz not null,
  primary key (group_id, user_id));

alter table pushes drop constraint pushes_kind_check;
alter table pushes add check (kind in ('message', 'read', 'test', 'event'));
alter table pushes add about jsonb check ((about is null) = (kind <> 'event'));

-- Nothing of it stays of a club that has ended, or of whoever left for good.
create function _reminders_end() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  delete from reminder_wishes where group_id = new.id;
  delete from reminded where group_id = new.id;
  delete from nudged where group_id = new.id;
  return null;
end $$;
create trigger reminders_end after update of erased_at on groups
  for each row when (new.kind = 'event' and new.erased_at is not null and old.erased_at is null) execute function _reminders_end();

create function _reminders_of_the_gone() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  delete from reminder_wishes where user_id = new.id;
  delete from reminded where user_id = new.id;
  delete from nudged where user_id = new.id;
  return null;
end $$;
create trigger reminders_of_the_gone after update of gone_at on users
  for each row when (new.gone_at is not null and old.gone_at is null) execute function _reminders_of_the_gone();

-- --- reminders ------------------------------------------------------------------------------------------------

-- Minutes before the start; what holds for whoever wished nothing.
create function _reminders_of(wished int[]) returns int[]
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select coalesce(wished, '{1440,60}') $$;

-- Whom to remind of it now, and which of their reminders that is: where several came while no worker ran, the last. Who
-- has a place, or may come; and a day or more before also who is asked, can still answer, and has not.
create function _to_remind(o occurrences, moment timestamptz)
returns table(user_id bigint, minutes int, silent boolean, wished boolean)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select r.user_id, due.minutes, a.user_id is null, w.user_id is not null
  from events e join readers r on r.group_id = e.group_id
  left join answers a on a.group_id = o.group_id and a.key = o.key and a.user_id = r.user_id
  left join reminder_wishes w on w.group_id = o.group_id and w.user_id = r.user_id
  cross join lateral (select min(m) as minutes from unnest(_reminders_of(w.minutes)) m
    where o.starts_at - make_interval(mins => m) between greatest(o.reminded_upto, w.at) and moment) due
  where o.starts_at > moment and e.group_id = o.group_id and e.cancelled_at is null and not o.cancelled and due.minutes is not null
    and (a.standing = 'in' or a.answer = 'maybe' or a.user_id is null and due.minutes >= 1440
      and _closes_at(o.group_id, o.key) > moment and _is_asked(o.group_id, r.user_id))
    and not exists (select 1 from reminded x where x.group_id = o.group_id and x.key = o.key
      and x.user_id = r.user_id and x.minutes = due.minutes and x.starts_at = o.starts_at)
  order by r.user_id $$;

-- The occurrence that starts first of those whose reminders are due.
create function _due_for_reminders(moment timestamptz) returns setof occurrences
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select o.* from occurrences o join events e on e.group_id = o.group_id and e.cancelled_at is null
  join groups g on g.id = o.group_id and g.deleted_at is null and g.suspended_at is null
  join groups room on room.id = g.parent and room.archived_at is null
  where o.starts_at > moment and o.starts_at <= moment + interval '28 days' and not o.cancelled and exists (
    select 1 from (select unnest(_reminders_of(null)) union select unnest(w.minutes)
      from reminder_wishes w where w.group_id = o.group_id) before(minutes)
    where o.starts_at - make_interval(mins => before.minutes) between o.reminded_upto and moment)
  order by o.starts_at, o.group_id, o.key limit 1 $$;

-- Writes up to `n` reminders of one occurrence that is due: true = there may be more. One worker at a time does this. A
-- reminder is the action in its person's own log; the mark that it stands there, and what is pushed, are of the same
-- commit. When all are written the occurrence says so, and nobody of it is asked again.
create function remind_some(n int, moment timestamptz) returns outcome
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); o occurrences; people bigint[]; log logged[] := '{}';
  one record; told bigint[] := '{}'; wanting bigint[] := '{}'; silent bigint[] := '{}';
begin
  if not pg_try_advisory_xact_lock(hashtext('clubroom.reminders')) then return row(to_jsonb(false), null)::outcome; end if;
  select * into o from _due_for_reminders(at_now);
  if o.group_id is null then
    delete from reminded where starts_at < at_now - interval '1 day';
    return row(to_jsonb(false), null)::outcome;
  end if;
  people := array(select user_id from _to_remind(o, at_now) limit n);
  perform _lock(o.group_id || array(select _self_group(p) from unnest(people) p));
  select x.* into o from occurrences x where x.group_id = o.group_id and x.key = o.key;  -- as it is now
  for one in select * from _to_remind(o, at_now) r where r.user_id = any(people) loop
    insert into reminded(group_id, key, user_id, minutes, starts_at)
      values (o.group_id, o.key, one.user_id, one.minutes, o.starts_at);
    log := log || _append(_self_group(one.user_id), null, json_build_object('type', 'event_reminded',
      'group', o.group_id, 'key', o.key, 'minutes', one.minutes, 'start', _rfc3339(o.starts_at)));
    if one.silent then silent := silent || one.user_id;
    elsif one.wished then wanting := wanting || one.user_id;
    else told := told || one.user_id; end if;
  end loop;
  perform _tell_event(o.group_id, o.key, told, 'reminder', false, at_now);
  perform _tell_event(o.group_id, o.key, wanting, 'reminder', true, at_now);
  perform _tell_event(o.group_id, o.key, silent, 'asked', false, at_now);
  -- whoever was let in, or said so, while the lock was waited for is reminded in the next round
  if not exists (select 1 from _to_remind(o, at_now)) then
    update occurrences set reminded_upto = greatest(reminded_upto, at_now + interval '1 microsecond')
      where group_id = o.group_id and key = o.key;
  end if;
  return row(to_jsonb(true), log)::outcome;
end $$;

-- When somebody is reminded of an event from now on; null = as everybody.
create function wish_reminders(who bigint, event_key uuid, wanted int[], moment timestamptz) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare g bigint := (select group_id from events where key = event_key);
begin
  if g is null then perform _fail('not_found'); end if;
  perform _reading(who, g);
  if wanted is null then
    delete from reminder_wishes where group_id = g and user_id = who;
  else
    insert into reminder_wishes as w (group_id, user_id, minutes, at)
      values (g, who, wanted, coalesce(moment, clock_timestamp()))
      on conflict (group_id, user_id) do update set minutes = excluded.minutes, at = excluded.at
        where w.minutes <> excluded.minutes;
  end if;
end $$;

create function reminders_wished(who bigint, event_key uuid) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare g bigint := (select group_id from events where key = event_key); wished int[];
begin
  if g is null then perform _fail('not_found'); end if;
  perform _reading(who, g);
  select minutes into wished from reminder_wishes where group_id = g and user_id = who;
  return jsonb_build_object('minutes', _reminders_of(wished), 'own', wished is not null);
end $$;

-- --- whose answer is missing ----------------------------------------------------------------------------------

-- Reminds whoever is asked and has not answered, each at most once in a day; how many these were. For who runs it.
create function ask_again(who bigint, event_key uuid, at_key text, moment timestamptz) returns outcome
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare e events := _event_locked(who, event_key, true); g bigint := e.group_id; people bigint[];
  at_now timestamptz := coalesce(moment, clock_timestamp());
begin
  if not exists (select 1 from occurrences where group_id = g and key = at_key) then perform _fail('not_found'); end if;
  if e.cancelled_at is not null or _closes_at(g, at_key) <= at_now
      or exists (select 1 from occurrences where group_id = g and key = at_key and cancelled) then
    perform _fail('answers_closed');
  end if;
  people := array(select r.user_id from readers r where r.group_id = g and r.user_id <> who and _is_asked(g, r.user_id)
    and not exists (select 1 from answers a where a.group_id = g and a.key = at_key and a.user_id = r.user_id)
    and not exists (select 1 from nudged x where x.group_id = g and x.user_id = r.user_id
      and x.at > at_now - interval '1 day') order by r.user_id);
  if people <> '{}' then
    insert into nudged(group_id, user_id, at) select g, p, at_now from unnest(people) p
      on conflict (group_id, user_id) do update set at = excluded.at;
    perform _audit_event(g, who, 'event_asked', details => jsonb_build_object('people', cardinality(people)));
    perform _tell_event(g, at_key, people, 'asked', false, at_now);
  end if;
  return row(jsonb_build_object('people', cardinality(people)), null)::outcome;
end $$;

-- --- telling --------------------------------------------------------------------------------------------------

-- When their quiet hours are over that hold now; null = not within a day.
create function _quiet_ends(who bigint, moment timestamptz) returns timestamptz
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare at_end timestamptz := moment;
begin
  for step in 0..96 loop
    if not _is_quiet(who, at_end) then return at_end; end if;
    at_end := date_bin('15 minutes', at_end, 'epoch') + interval '15 minutes';
  end loop;
  return null;
end $$;

-- Tells these people of an event, on all their devices, or by mail where they have none. `as_what`: `offer`, `reminder`,
-- `changed`, `cancelled`, or `asked` for an answer; `at_key` null = all of it. What comes in quiet hours waits for their
-- end. `over_mutes` = they asked for it themselves, by their answer or a wish of theirs.
create function _tell_event(
  g bigint, at_key text, people bigint[], as_what text, over_mutes boolean, moment timestamptz) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  if people = '{}' then return; end if;
  people := array(select w.user_id from _notification_wishes(g, people, moment) w
    where over_mutes or w.level <> 'nothing' and not w.muted order by w.user_id);
  insert into pushes(kind, session, user_id, group_id, seq, made_at, due_at, about)
    select 'event', t.session, t.user_id, g, (select head from groups where id = g), due.at, due.at,
      jsonb_strip_nulls(jsonb_build_object('what', as_what, 'key', at_key))
    from reached t cross join lateral (select _quiet_ends(t.user_id, moment) as at) due
    where t.user_id = any(people) and due.at is not null order by t.session;
  if as_what <> 'reminder' then
    perform _mail_event(g, at_key, people, as_what, moment);
  end if;
end $$;

-- A letter to those of them whom no device tells, as for announcements (_mail_announcement), and of the same ten a day.
create function _mail_event(g bigint, at_key text, people bigint[], as_what text, moment timestamptz) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
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
    jsonb_build_object('who', a.user_id, 'group', g, 'key', at_key), moment, moment, true from asked a $$;

-- Whoever counts on this event, or on one occurrence of it that is still to come.
create function _counting_on(g bigint, at_key text, moment timestamptz) returns bigint[]
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select array(select distinct a.user_id from answers a join occurrences o on o.group_id = a.group_id and o.key = a.key
    join readers r on r.group_id = a.group_id and r.user_id = a.user_id
    where a.group_id = g and (at_key is null or a.key = at_key) and (a.answer <> 'no')
      and (at_key is not null or not o.cancelled) and coalesce(o.starts_at, moment) >= moment order by a.user_id) $$;

-- After a change, with the occurrences as they were `before`: tells whoever is asked again, and whoever counted on one
-- that is no more. Each of them once, of the first that concerns them.
create function _tell_changed(
  g bigint, moved text[], before occurrences[], by bigint, moment timestamptz) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare one record;
begin
  for one in
    with concerned as (
      select a.user_id, a.key, case when o.cancelled then 'cancelled' else 'changed' end as what
      from unnest(before) b join occurrences o on o.group_id = g and o.key = b.key
      join answers a on a.group_id = g and a.key = o.key join readers r on r.group_id = g and r.user_id = a.user_id
      where a.user_id <> by and coalesce(o.starts_at, moment) >= moment
        and case when o.cancelled then not b.cancelled and a.answer <> 'no' else a.again and a.key = any(moved) end),
    first as (select distinct on (user_id, what) * from concerned order by user_id, what, key)
    select key, what, array_agg(user_id) as people from first group by key, what order by key, what
  loop
    perform _tell_event(g, one.key, one.people, one.what, true, moment);
  end loop;
end $$;

-- Of what is not cancelled: whether it is still so that somebody is offered a place, counts on it, is asked.
create function _still_to_tell(as_what text, who bigint, g bigint, at_key text, moment timestamptz) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select coalesce(bool_or(e.cancelled_at is null and not o.cancelled and coalesce(o.starts_at > moment, true)
    and case as_what
      when 'offer' then a.standing = 'offered' and a.until > moment
      when 'reminder' then a.standing = 'in' or a.answer = 'maybe'
      when 'changed' then a.again
      when 'asked' then a.user_id is null and coalesce(_closes_at(g, at_key) > moment, true) end), false)
  from events e join occurrences o on o.group_id = e.group_id and o.key = at_key
  left join answers a on a.group_id = o.group_id and a.key = o.key and a.user_id = who
  where e.group_id = g $$;

-- Whether there is nothing to tell with it any more: 'gone'.
create function _event_push_over(p pushes, moment timestamptz) returns text
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select case
    when r.user_id is null or g.deleted_at is not null or g.suspended_at is not null then 'gone'
    when p.about ->> 'what' = 'cancelled' then null
    when not _still_to_tell(p.about ->> 'what', p.user_id, p.group_id, p.about ->> 'key', moment) then 'gone' end
  from (select 1) one left join groups g on g.id = p.group_id
  left join readers r on r.group_id = p.group_id and r.user_id = p.user_id $$;

-- As in 0036, and events.
create or replace function _needless(ids bigint[], good_seconds int, moment timestamptz) returns table(id bigint, outcome text)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select p.id, case
    when t.session is null then 'gone'
    when p.made_at < moment - make_interval(secs => good_seconds) or p.tries >= 50 then 'failed'
    when p.kind = 'test' then null
    when p.kind = 'event' then _event_push_over(p, moment)
    when exists (select 1 from pushes newer
      join messages m on m.group_id = newer.group_id and m.seq = newer.seq and m.deleted_at is null
      where newer.session = p.session and newer.group_id = p.group_id and newer.kind = 'message' and newer.seq > p.seq
        and newer.done_at is null)
      or exists (select 1 from pushes newer
        where newer.user_id = p.user_id and newer.group_id = p.group_id and newer.seq > p.seq and newer.standing
          and newer.session = p.session) then 'collapsed'
    when p.kind = 'read' then null
    when not exists (select 1 from messages m join groups g on g.id = m.group_id
        and g.deleted_at is null and g.suspended_at is null
        join memberships ms on ms.group_id = g.members_of and ms.user_id = p.user_id and ms.to_seq is null
      where m.group_id = p.group_id and m.seq = p.seq and m.deleted_at is null) then 'gone'
    when exists (select 1 from read_pointers r
      where r.user_id = p.user_id and r.group_id = p.group_id and r.seen >= p.seq) then 'read'
    when p.id in (select _unwanted(ids, moment)) then 'unwanted' end
  from pushes p left join reached t on t.session = p.session and t.user_id = p.user_id
  where p.id = any(ids) $$;

-- An event as it is told to somebody: JSON of dba.events.Told. `at_key` null = all of it.
create function _event_told(who bigint, g bigint, at_key text, as_what text) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object('what', as_what, 'event', e.key, 'group', e.group_id, 'key', at_key, 'name', gr.name,
    'club', (select name from groups where id = _club_of(g)), 'zone', e.says ->> 'zone',
    'start', _rfc3339(o.starts_at), 'place', coalesce(o.place, e.says ->> 'place'), 'until', _rfc3339(a.until),
    'guests', coalesce(a.guests, 0), 'note', coalesce(a.note, ''), 'answer', a.answer)
  from events e join groups gr on gr.id = e.group_id
  left join occurrences o on o.group_id = e.group_id and o.key = at_key
  left join answers a on a.group_id = e.group_id and a.key = at_key and a.user_id = who
  where e.group_id = g $$;

-- As in 0037, and events.
create or replace function news_of_letter(letter bigint, moment timestamptz) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); o outbox; who bigint; said jsonb;
begin
  select * into o from outbox where id = letter and bulk and done_at is null;
  who := (o.params ->> 'who')::bigint;
  if o.id is null or o.address is distinct from _news_address(who) then return null; end if;
  if o.template = 'missed' then
    if (select missed from mail_wishes where user_id = who) = 'never' or _mail_rests(who, at_now)
       or _here_last(who) > o.created_at or o.created_at < at_now - interval '1 day' then
      return null;
    end if;
    said := _missed_said(who, (o.params ->> 'since')::timestamptz, at_now);
  else
    if not (select announcements from mail_wishes where user_id = who) then return null; end if;
    said := case when o.template like 'event\_%' then
        _event_news(who, (o.params ->> 'group')::bigint, o.params ->> 'key', substr(o.template, 7), at_now)
      else _announcement_said(who, (o.params ->> 'group')::bigint, (o.params ->> 'seq')::bigint, at_now) end;
  end if;
  return said || jsonb_build_object('who', who, 'name', (select name from users where id = who),
    'language', _language_of(who));
end $$;

create function _event_news(who bigint, g bigint, at_key text, as_what text, moment timestamptz) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object('event', _event_told(who, g, at_key, as_what))
  from readers r join groups gr on gr.id = r.group_id and gr.deleted_at is null and gr.suspended_at is null
  where r.user_id = who and r.group_id = g
    and (as_what = 'cancelled' or _still_to_tell(as_what, who, g, at_key, moment)) $$;

-- What a letter asks somebody: JSON of dba.reminders.Told, and whether they can still say it. Raises not_found.
create function mailed_question(who bigint, g bigint, at_key text, moment timestamptz) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp());
begin
  perform _reading(who, g);
  if not exists (select 1 from occurrences where group_id = g and key = at_key) then perform _fail('not_found'); end if;
  return _event_told(who, g, at_key, 'asked') || jsonb_build_object('closed',
    exists (select 1 from events e join occurrences o on o.group_id = e.group_id and o.key = at_key
      where e.group_id = g and (e.cancelled_at is not null or o.cancelled or _closes_at(g, at_key) <= at_now)));
end $$;

create function pushed_events(ids bigint[]) returns table(id bigint, told jsonb)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select p.id, _event_told(p.user_id, p.group_id, p.about ->> 'key', p.about ->> 'what')
  from pushes p where p.id = any(ids) and p.kind = 'event' $$;

-- --- activity: what awaits an answer --------------------------------------------------------------------------

create index messages_cards on messages(group_id, seq) where event is not null;
create index messages_card_of on messages(event) where event is not null;

-- The occurrence that somebody has to answer next: the first that is still to come, where they have not, or are asked
-- again. Null = there is nothing to say.
create function _to_answer(who bigint, g bigint) returns text
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select next.key from events e
  cross join lateral (select o.key from occurrences o where o.group_id = g and not o.cancelled
    and (o.starts_at is null or o.starts_at - make_interval(mins => e.closes_min) > now())
    order by o.starts_at, o.key limit 1) next
  where e.group_id = g and e.cancelled_at is null and _is_asked(g, who) and not exists (
    select 1 from answers a where a.group_id = g and a.key = next.key and a.user_id = who and not a.again) $$;

-- Events that others made and that await an answer, by their cards.
create function _awaiting(who bigint, upto timestamptz, g bigint, s bigint, since timestamptz, n int)
returns setof happening language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  return query
  select 'event', m.group_id, m.seq, m.sent_at, m.id, m.author
  from readers r join events e on e.group_id = r.group_id and e.cancelled_at is null and (e.over_at is null or e.over_at > now())
  join messages m on m.event = e.group_id and m.deleted_at is null and m.author <> who
  join readers rm on rm.user_id = who and rm.group_id = m.group_id and m.seq >= rm.first_seq
  where r.user_id = who and m.sent_at <= upto and m.sent_at > since
    and (m.sent_at, m.group_id, m.seq) < (upto, g, s) and _to_answer(who, e.group_id) is not null
  order by m.sent_at desc, m.group_id desc, m.seq desc limit n;
end $$;

-- As in 0033, and not by the card of an event: that stands there until it is answered.
create or replace function _calls_to(who bigint, upto timestamptz, g bigint, s bigint, since timestamptz, n int)
returns setof happening language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
#variable_conflict use_column
declare called bigint[] := who || array(select -label_id from member_labels where user_id = who);
begin
  return query
  with calls as (
    select one.* from unnest(called) as c(by) cross join lateral (
      select x.group_id, x.seq, x.at
      from mentions x join messages m on m.group_id = x.group_id and m.seq = x.seq
      join readers r on r.user_id = who and r.group_id = x.group_id
      where x.user_id = c.by and x.at <= upto and x.at > since and (x.at, x.group_id, x.seq) < (upto, g, s)
        and x.seq >= r.first_seq and (c.by > 0 or x.at >= r.opened_at)
        and m.author <> who and m.answers is distinct from who and m.event is null
      order by x.at desc, x.group_id desc, x.seq desc limit n) one
    union
    select everybody.* from readers r
    left join follows f on f.user_id = who and f.group_id = r.group_id
    join groups gr on gr.id = r.group_id
    cross join lateral (
      select x.group_id, x.seq, x.at from mentions x
      where x.group_id = r.group_id and x.user_id = 0 and x.at <= upto and x.at > greatest(since, r.opened_at)
        and (x.at, x.group_id, x.seq) < (upto, g, s)
        and x.seq >= r.first_seq and x.author <> who and x.answers is distinct from who
        and not exists (select 1 from messages m
          where m.group_id = x.group_id and m.seq = x.seq and m.event is not null)
      order by x.at desc, x.seq desc limit n) everybody
    where r.user_id = who and (not r.inherits or coalesce(f.is_on, gr.landing))),
  newest as materialized (select * from calls order by at desc, group_id desc, seq desc limit n)
  select 'mention', m.group_id, m.seq, c.at, m.id, m.author
  from newest c join messages m on m.group_id = c.group_id and m.seq = c.seq
  order by c.at desc, m.group_id desc, m.seq desc;
end $$;

create or replace function _activity(who bigint, upto timestamptz, g bigint, s bigint, since timestamptz, n int)
returns setof happening language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  return query
  select * from (
    select * from _calls_to(who, upto, g, s, since, n)
    union all select * from _answers_to(who, upto, g, s, since, n)
    union all select * from _reactions_to(who, upto, g, s, since, n)
    union all select * from _added_to(who, upto, g, s, since, n)
    union all select * from _awaiting(who, upto, g, s, since, n)) h
  order by h.at desc, h.group_id desc, h.seq desc limit n;
end $$;

-- As in 0033, and events as calls.
create or replace function activity_news(who bigint, looked int, most int, out seen text, out unseen bigint)
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare since timestamptz := (select activity_seen from users where id = who);
begin
  seen := _rfc3339(since);
  select least(count(*), most) into unseen from _activity(who, 'infinity', 0, 0, since, looked) h
    left join read_pointers p on p.user_id = who and p.group_id = h.group_id
    where h.kind not in ('mention', 'reply', 'event')
      or h.seq > coalesce(p.seq, 0) and _counts_to(who, h.group_id, h.seq);
end $$;
