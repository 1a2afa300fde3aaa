-- Letters for those whom no device tells anything: what they missed, once a day in their morning, and announcements at
-- once. Both are "news": what they say is read when they are sent, and judged again then, so that nothing of it waits
-- in the outbox. For the decision about a message, in its transaction:
--   _mail_announcement(g bigint, seq bigint, people bigint[], moment timestamptz) returns bigint[]
--     of those whom nothing else tells of this message: the ones to whom a letter was written. Once for each message:
--     asked again it writes again. Locks rows of mail_wishes, and no group; moment null = now.

create table mail_wishes(
  user_id bigint primary key references users,
  missed text not null default 'daily' check (missed in ('daily', 'never')),
  announcements boolean not null default true,
  refused boolean not null default false,    -- the mailbox took none; until the address is confirmed, or they wish anew
  mailed_at timestamptz,                     -- the last letter about what they missed
  look_at timestamptz,                       -- when to look whether they missed something; null = never
  told int not null default 0,               -- announcements by mail since then
  told_since timestamptz) with (fillfactor = 70);
-- A sweep reads this index and nothing else: where nobody is due that is one page, of however many people. Everybody
-- is looked at once a day, in their own morning, so that a hundred thousand are a bit more than one a second.
create index mail_wishes_due on mail_wishes(look_at) where look_at is not null;

-- What went to many waits behind what somebody asked for: who wants a new password waits for no thousand announcements.
alter table outbox add column bulk boolean not null default false;
drop index outbox_due;
create index outbox_due on outbox(bulk, due_at) where done_at is null;

-- --- who, and when --------------------------------------------------------------------------------------------

-- One's own time zone, else that of a club of theirs, else none: UTC.
create function _zone_of(who bigint) returns text
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select coalesce((select time_zone from users where id = who),
    (select g.time_zone from memberships m join groups g on g.id = m.group_id
      where m.user_id = who and m.to_seq is null and g.time_zone is not null order by g.id limit 1), 'UTC') $$;

-- One's own language, else that of a club of theirs. What a browser says is not known when nobody asks.
create function _language_of(who bigint) returns text
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select coalesce((select language from users where id = who),
    (select split_part(g.language, '-', 1) from memberships m join groups g on g.id = m.group_id
      where m.user_id = who and m.to_seq is null and g.language is not null order by g.id limit 1), 'en') $$;

-- The clock on their wall. A zone that this PostgreSQL does not know is UTC.
create function _wall(who bigint, moment timestamptz) returns timestamp
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  return moment at time zone _zone_of(who);
exception when invalid_parameter_value then
  return moment at time zone 'UTC';
end $$;

-- Their next half past seven, and up to an hour later: not everybody of a country at the same second.
create function _next_morning(who bigint, moment timestamptz) returns timestamptz
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare now_there timestamp := _wall(who, moment); morning timestamp;
begin
  morning := date_trunc('day', now_there) + interval '7 hours 30 minutes' + make_interval(mins => (who % 60)::int);
  if morning <= now_there then morning := morning + interval '1 day'; end if;
  return morning at time zone _zone_of(who);
exception when invalid_parameter_value then
  return morning at time zone 'UTC';
end $$;

-- The one place that says when no letter of the day comes: at night, and in quiet hours of their own.
create function _mail_rests(who bigint, moment timestamptz) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select extract(hour from _wall(who, moment)) not between 7 and 21 or _is_quiet(who, moment) $$;

-- The one place that says which of these people want letters about a group: not who has muted it, nor whoever has it at
-- the level "nothing".
create function _wanting(people bigint[], g bigint, moment timestamptz) returns bigint[]
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select array(select user_id from _notification_wishes(g, people, moment) where level <> 'nothing' and not muted) $$;

-- A device of theirs that can be told, as far as is known: one that was not reached for long is none.
create function _has_device(who bigint) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select exists (select 1 from reached where user_id = who and fails < 10) $$;

-- When they were here last: a device asks for new tokens every few minutes as long as it is open.
create function _here_last(who bigint) returns timestamptz
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select greatest((select created_at from users where id = who),
    (select max(used_at) from sessions where user_id = who and ended_at is null),
    (select max(moved_at) from read_pointers where user_id = who)) $$;

-- Where news go; null = nowhere.
create function _news_address(who bigint) returns text
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select c.email from credentials c join mail_wishes w on w.user_id = c.user_id
  where c.user_id = who and c.verified_at is not null and not w.refused and not _has_device(who) $$;

create function _news_follow_the_address() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  if new.verified_at is null then
    update mail_wishes set look_at = null where user_id = new.user_id;
  else
    insert into mail_wishes as w (user_id, look_at) values (new.user_id, _next_morning(new.user_id, new.verified_at))
      on conflict (user_id) do update
      set refused = false, look_at = case when w.missed = 'daily' then excluded.look_at end;
  end if;
  return null;
end $$;
create trigger news_follow_the_address after insert or update of verified_at on credentials
  for each row execute function _news_follow_the_address();
insert into mail_wishes(user_id, look_at)
  select user_id, _next_morning(user_id, clock_timestamp()) from credentials where verified_at is not null;

create function _wishes_go() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  delete from mail_wishes where user_id = new.id;
  return null;
end $$;
create trigger wishes_go after update of gone_at on users
  for each row when (new.gone_at is not null) execute function _wishes_go();

-- --- what is wished -------------------------------------------------------------------------------------------

create function mail_wishes_of(who bigint) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object('missed', coalesce(w.missed, 'daily'), 'announcements', coalesce(w.announcements, true),
    'refused', coalesce(w.refused, false))
  from (select who) asked left join mail_wishes w on w.user_id = who $$;

-- What is null stays as it is. Of somebody who is gone nothing is left to wish.
create function set_mail_wishes(who bigint, new_missed text, new_announcements boolean, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); self bigint := _self_group(who);
  before mail_wishes; after mail_wishes;
begin
  if self is null then return row(null, null)::outcome; end if;
  perform _lock(array[self]);
  insert into mail_wishes(user_id) values (who) on conflict do nothing;
  select * into before from mail_wishes where user_id = who for update;
  update mail_wishes set missed = coalesce(new_missed, missed), announcements = coalesce(new_announcements, announcements),
    refused = false, look_at = case when coalesce(new_missed, missed) = 'daily'
      and exists (select 1 from credentials where user_id = who and verified_at is not null)
      then _next_morning(who, at_now) end
    where user_id = who returning * into after;
  if (before.missed, before.announcements) = (after.missed, after.announcements) then
    return row(null, null)::outcome;
  end if;
  return row(null, array[_append(self, null, json_build_object('type', 'letters_changed',
    'missed', after.missed, 'announcements', after.announcements))])::outcome;
end $$;

-- --- what somebody missed -------------------------------------------------------------------------------------

-- Others' words after the pointer and after `since`, as `my_groups` counts them: of the newest hundred of each group.
-- Not from rooms that are not in their list, unless they are called there; and no words of people whom they block.
-- `calls`: by name or by a label, in a conversation, or as an answer to something of theirs.
create function _missed(who bigint, since timestamptz, moment timestamptz)
returns table(group_id bigint, kind text, id uuid, author bigint, sent_at timestamptz, text text, calls boolean)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with called as (
    select array[who, 0] || array(select -label_id from member_labels where user_id = who) as by),
  new as (
    select g.id as group_id, g.kind, r.inherits, m.id, m.author, m.sent_at, m.text,
      g.kind = 'dm'
      or exists (select 1 from mentions n where n.group_id = g.id and n.seq = m.seq and n.user_id = any(called.by))
      or exists (select 1 from messages o where o.id = m.reply_to and o.author = who) as calls
    from called, readers r join groups g on g.id = r.group_id
    left join read_pointers p on p.user_id = who and p.group_id = g.id
    cross join lateral (select * from messages x where x.group_id = g.id
      and x.seq >= greatest(r.first_seq, case when r.inherits then 1 else r.since_seq end, coalesce(p.seq, 0) + 1)
      order by x.seq desc limit 100) m
    where r.user_id = who and g.kind <> 'self' and g.head > coalesce(p.seq, 0)
      and m.sent_at > since and m.author <> who and m.deleted_at is null
      and (not r.inherits or m.sent_at >= r.opened_at)
      and not exists (select 1 from person_blocks b where b.user_id = who and b.blocked = m.author))
  select n.group_id, n.kind, n.id, n.author, n.sent_at, n.text, n.calls
  from new n cross join lateral _notification_wishes(n.group_id, array[who], moment) w
  where w.level <> 'nothing' and (n.calls and not (n.kind = 'dm' and w.muted)
    or w.level = 'all' and not w.muted and (not n.inherits or _follows(who, n.group_id))) $$;

-- Looks at those who are due, at most `n`; true = there may be more. A row that another server looks at is passed
-- over; when this one has it, it is not due any more: so one letter a day is written, by however many servers.
create function mail_missed(n int, moment timestamptz) returns boolean
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); w mail_wishes; looked int := 0; wrote boolean;
begin
  for w in select * from mail_wishes where look_at <= at_now order by look_at limit n for update skip locked loop
    looked := looked + 1;
    wrote := _write_missed(w, at_now);
    update mail_wishes set look_at = case  -- whoever sleeps longer than others is looked at again
        when not wrote and extract(hour from _wall(w.user_id, at_now)) between 7 and 21 and _mail_rests(w.user_id, at_now)
        then at_now + interval '30 minutes' else _next_morning(w.user_id, at_now) end,
      mailed_at = case when wrote then at_now else mailed_at end where user_id = w.user_id;
  end loop;
  return looked = n;
end $$;

-- Whether a letter was written. 23 hours: once a year a morning comes an hour early.
create function _write_missed(w mail_wishes, moment timestamptz) returns boolean
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare here timestamptz := _here_last(w.user_id); since timestamptz := greatest(here, w.mailed_at);
  known text := _news_address(w.user_id);
begin
  if known is null or here > moment - interval '8 hours' or w.mailed_at > moment - interval '23 hours'
     or _mail_rests(w.user_id, moment) or _room_for_news() = 0
     or not exists (select 1 from _missed(w.user_id, since, moment)) then
    return false;
  end if;
  insert into outbox(kind, address, template, language, params, created_at, due_at, bulk)
    values ('mail', known, 'missed', 'en',
      jsonb_build_object('who', w.user_id, 'since', since), moment, moment, true);
  return true;
end $$;

-- So many more letters to many may wait. Below what may wait in all: who forgot their password still gets theirs.
create function _room_for_news() returns int
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select (5000 - count(*))::int from (select 1 from outbox where bulk and done_at is null limit 5000) o $$;

create function _mail_announcement(g bigint, seq bigint, people bigint[], moment timestamptz) returns bigint[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); wanting bigint[]; told_now bigint[];
begin
  if not (select announce from groups where id = g) then return '{}'; end if;
  wanting := _wanting(people, g, at_now);
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

-- --- what such a letter says ----------------------------------------------------------------------------------

-- Read when it is sent. Null: there is nothing to say any more, or not to them.
create function news_of_letter(letter bigint, moment timestamptz) returns jsonb
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
    said := _announcement_said(who, (o.params ->> 'group')::bigint, (o.params ->> 'seq')::bigint, at_now);
  end if;
  return said || jsonb_build_object('who', who, 'name', (select name from users where id = who),
    'language', _language_of(who));
end $$;

create function _room_said(who bigint, g bigint) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object('group', gr.id, 'kind', gr.kind, 'name', gr.name,
    'club', (select name from groups where id = _club_of(gr.id)),
    'people', coalesce((select jsonb_agg(u.name order by u.sub) from dms d join users u on u.id = any(d.people)
      where d.group_id = gr.id and u.id <> who), '[]'))
  from groups gr where gr.id = g $$;

-- A message with its room, and what stands for those whom it calls: names of members and labels, as clients show them.
create function _words_said(who bigint, m messages) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object('room', _room_said(who, m.group_id), 'id', m.id, 'text', m.text,
    'by', (select name from users where id = m.author),
    'names', (select coalesce(jsonb_object_agg(c.called, coalesce(u.name, l.name)), '{}')
      from (select distinct found[1] as called from regexp_matches(m.text, '<@([^<>\s]{1,255})>', 'g') as found) c
      left join users u on u.sub = c.called and exists (select 1 from memberships ms join groups g on g.id = m.group_id
        where ms.group_id = g.members_of and ms.user_id = u.id)
      left join labels l on c.called = 'label:' || l.key::text and l.group_id = _club_of(m.group_id)
      where u.id is not null or l.id is not null)) $$;

create function _missed_said(who bigint, since timestamptz, moment timestamptz) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with new as materialized (select * from _missed(who, since, moment)),
  rooms as (
    select group_id, count(*) as n, row_number() over (order by bool_or(calls) desc, count(*) desc, group_id) as place
    from new group by group_id),
  calling as (select * from new where calls order by sent_at desc limit 10)
  select jsonb_build_object(
    'rooms', (select jsonb_agg(_room_said(who, group_id) || jsonb_build_object('n', n) order by group_id)
      from rooms where place <= 20),
    'more', (select count(*) from rooms where place > 20),
    'called', coalesce((select jsonb_agg(_words_said(who, m) order by c.sent_at)
      from calling c join messages m on m.id = c.id), '[]'))
  where exists (select 1 from new) $$;

-- An announcement that still stands, and that they may read and have not read.
create function _announcement_said(who bigint, g bigint, at_seq bigint, moment timestamptz) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object('announced', _words_said(who, m))
  from messages m join readers r on r.group_id = m.group_id and r.user_id = who and r.first_seq <= m.seq
  left join read_pointers p on p.group_id = m.group_id and p.user_id = who
  where m.group_id = g and m.seq = at_seq and m.deleted_at is null and m.author <> who
    and coalesce(p.seq, 0) < m.seq and _wanting(array[who], g, moment) <> '{}'
    and not exists (select 1 from person_blocks b where b.user_id = who and b.blocked = m.author) $$;

-- --- the outbox -----------------------------------------------------------------------------------------------

-- As in 0020, and what somebody asked for goes before what went to many.
create or replace function take_outbox(openers bytea[], lease_seconds int, moment timestamptz)
returns table(id bigint, address text, template text, language text, params jsonb, sealed bytea, tries int,
  created_at timestamptz)
language plpgsql security definer set search_path = clubroom, pg_temp as $$
#variable_conflict use_column
declare at_now timestamptz := coalesce(moment, clock_timestamp()); next_id bigint;
begin
  delete from outbox where id = any(array(select o.id from outbox o
    where o.done_at < at_now - interval '7 days' order by o.done_at limit 20 for update skip locked));
  select o.id into next_id from outbox o
    where o.done_at is null and o.due_at <= at_now and (o.sealed is null or substr(o.sealed, 1, 8) = any(openers))
    order by o.bulk, o.due_at limit 1 for update skip locked;
  if next_id is null then return; end if;
  return query update outbox o set due_at = at_now + make_interval(secs => lease_seconds), tries = o.tries + 1
    where o.id = next_id
    returning o.id, o.address, o.template, o.language, o.params, o.sealed, o.tries, o.created_at;
end $$;

-- What became of an announcement for whom it went to by mail.
create function _announcement_went(o outbox, reason text) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  select _told_anew((o.params ->> 'group')::bigint, (o.params ->> 'seq')::bigint, array[(o.params ->> 'who')::bigint],
    (case when reason is null then 'e' when reason in ('moot', 'nobody') then 'g' else 'x' end)::"char")
  where o.template = 'announcement' $$;

-- As in 0020; and to a mailbox that refuses news no more of them are sent. What a letter that did not go out would have
-- told stands in the next one.
create or replace function close_outbox(letter bigint, reason text, moment timestamptz) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  select _announcement_went(o, reason) from outbox o where id = letter and bulk and done_at is null;
  update mail_wishes w set mailed_at = (o.params ->> 'since')::timestamptz from outbox o
    where reason is not null and o.id = letter and o.template = 'missed' and o.done_at is null
      and w.user_id = (o.params ->> 'who')::bigint;
  update mail_wishes set refused = true, look_at = null where reason = 'address' and user_id = (
    select (params ->> 'who')::bigint from outbox where id = letter and bulk and done_at is null);
  update outbox set done_at = coalesce(moment, clock_timestamp()), failed = reason,
    address = null, params = '{}', sealed = null where id = letter and done_at is null $$;

-- What was given up in the last week, by kind and reason: dead letters, for whoever runs the place. Not what nobody was
-- to get any more ('nobody', 'moot').
create function _undelivered() returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'why', why, 'n', n, 'since', _rfc3339(since),
    'last_at', _rfc3339(last_at)) order by last_at desc, kind, why), '[]')
  from (
    select template as kind, failed as why, count(*) as n, min(done_at) as since, max(done_at) as last_at from outbox
    where done_at is not null and failed is not null and failed not in ('nobody', 'moot') group by template, failed
    union all
    select 'push', failed, count(*), min(done_at), max(done_at) from pushes
    where done_at is not null and outcome = 'failed' and failed is not null group by failed
  ) given_up $$;

-- As in 0027, and what could not be delivered.
create or replace function host_place(who bigint) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  perform _host(who);
  return jsonb_build_object('keep_days', (select keep_days from installation),
    'clubs', (select count(*) from groups where kind = 'club' and deleted_at is null),
    'people', (select count(*) from users where gone_at is null),
    'database_bytes', pg_database_size(current_database()),
    'messages_bytes', _size_of(array['messages', 'message_versions', 'actions', 'emotes', 'mentions']),
    'search_bytes', _size_of(array['message_search']),
    'undelivered', _undelivered());
end $$;

-- --- what one takes along -------------------------------------------------------------------------------------

-- As in 0023, and what they wish to be told, when, and on which devices.
alter function my_data(bigint) rename to _my_account;
create function my_data(who bigint) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select _my_account(who) || jsonb_build_object(
    'levels', (select coalesce(jsonb_object_agg(l.group_id, l.level), '{}') from levels l where l.user_id = who),
    'mutes', (select coalesce(jsonb_object_agg(m.group_id, _until(m.until)), '{}') from mutes m where m.user_id = who),
    'quiet_hours', (select jsonb_build_object('time_zone', q.time_zone, 'spans', q.spans) from quiet_hours q where q.user_id = who),
    'letters', (select jsonb_build_object('missed', w.missed, 'announcements', w.announcements, 'refused', w.refused)
      from mail_wishes w where w.user_id = who),
    'told_on', (select coalesce(jsonb_agg(jsonb_build_object('device', s.device, 'by', t.kind, 'since', _rfc3339(t.made_at))
      order by t.made_at), '[]') from push_targets t join sessions s on s.id = t.session where t.user_id = who)) $$;
