-- Activity: what somebody was called by, what was answered and reacted to of theirs, and where they were added. Nothing
-- is stored for each reader: it is read from what is there, by whoever may read it at that moment.

-- How far they have looked at it; what was before there was such a thing is behind them.
alter table users add activity_seen timestamptz not null default now();

-- --- what it is found by --------------------------------------------------------------------------------------

-- When it was asked for: the same for all whom one message calls.
alter table mentions add at timestamptz not null default statement_timestamp();
update mentions n set at = m.sent_at from messages m where m.group_id = n.group_id and m.seq = n.seq;
create index mentions_of on mentions(user_id, at, group_id, seq);

-- Whose message this one answers; a message that answers none pays nothing for it.
alter table messages add answers bigint;
update messages m set answers = r.author from messages r where r.id = m.reply_to;
create index messages_answering on messages(answers, sent_at, group_id, seq) where answers <> author;

create function _answers() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  new.answers := (select author from messages where id = new.reply_to);
  return new;
end $$;
create trigger answering before insert on messages for each row when (new.reply_to is not null) execute function _answers();
create trigger answering_no_more before update of reply_to on messages
  for each row when (old.reply_to is not null and new.reply_to is null) execute function _answers();

-- Everybody is called in each of somebody's groups apart: whose words these are, and whom they answer, is known here, so
-- that what is not for them can be left out without looking at the messages.
alter table mentions add author bigint, add answers bigint;
update mentions n set author = m.author, answers = m.answers from messages m
  where n.user_id = 0 and m.group_id = n.group_id and m.seq = n.seq;
create index mentions_of_all on mentions(group_id, at, seq) include (author, answers) where user_id = 0;

create function _called_all() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  update mentions n set author = m.author, answers = m.answers from messages m
    where n.group_id = new.group_id and n.user_id = 0 and n.seq = new.seq and m.group_id = n.group_id and m.seq = n.seq;
  return null;
end $$;
create trigger called_all after insert on mentions for each row when (new.user_id = 0) execute function _called_all();

alter table emotes add at timestamptz;
update emotes e set at = coalesce(
    (select max(a.at) from actions a where a.target = e.message_id and convert_from(a.body, 'UTF8')::jsonb
       @> jsonb_build_object('type', 'emote_added', 'emote', e.emote, 'user', u.sub)), m.sent_at)
  from messages m, users u where m.id = e.message_id and u.id = e.user_id;
alter table emotes alter at set default clock_timestamp(), alter at set not null;

-- Messages that others reacted to, and when last: many reactions are one thing that happened to its author.
create table reacted(
  message_id uuid primary key references messages,
  to_user bigint not null,                   -- its author
  at timestamptz not null);
insert into reacted(message_id, to_user, at)
  select m.id, m.author, max(e.at) from emotes e join messages m on m.id = e.message_id
  where e.user_id <> m.author group by m.id;
create index reacted_of on reacted(to_user, at);

create function _reacted() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  insert into reacted as r (message_id, to_user, at)
    select id, author, new.at from messages where id = new.message_id and author <> new.user_id
    on conflict (message_id) do update set at = greatest(r.at, excluded.at);
  return null;
end $$;
create trigger reacted after insert on emotes for each row execute function _reacted();

create function _reacted_no_more() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  with newest as (
    select r.message_id, (select max(e.at) from emotes e
      where e.message_id = r.message_id and e.user_id <> r.to_user) as at
    from reacted r where r.message_id in (select message_id from gone)),
  back as (update reacted r set at = n.at from newest n where r.message_id = n.message_id and r.at <> n.at)
  delete from reacted r using newest n where r.message_id = n.message_id and n.at is null;
  return null;
end $$;
create trigger reacted_no_more after delete on emotes referencing old table as gone
  for each statement execute function _reacted_no_more();

-- Who let somebody in, if it was another: the log says so, but may be trimmed.
alter table memberships add added_by bigint references users;

create function _added_by(m memberships) returns bigint
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select nullif(case when g.kind = 'dm' then g.created_by else (
      select u.id from actions a join users u on u.sub = convert_from(a.body, 'UTF8')::jsonb ->> 'by'
      where a.group_id = m.group_id and a.seq = m.since_seq) end, m.user_id)
  from groups g where g.id = m.group_id and g.kind in ('club', 'channel', 'dm') $$;

update memberships m set added_by = _added_by(m) where to_seq is null;
create index memberships_added on memberships(user_id, opened_at, group_id, since_seq)
  where to_seq is null and added_by is not null;

create function _added() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  new.added_by := _added_by(new);
  return new;
end $$;
create trigger added before insert on memberships for each row execute function _added();

-- --- what happened --------------------------------------------------------------------------------------------

-- `seq` is the message's, or that of the action where there is none: with the group it is one of a kind. `by_user`
-- null = several, whom the entry counts.
create type happening as (kind text, group_id bigint, seq bigint, at timestamptz, message uuid, by_user bigint);

-- Each of these gives the newest `n` of one kind that lie before a place (`upto`, g, s) and after `since`. One more kind
-- is one more function, and one more line in _activity.

-- By name, by a label that one carries, or together with everybody. Whoever came later was not meant by a label or
-- by everybody; nor is whoever does not have a public room in their list. An answer to oneself is an answer.
create function _calls_to(who bigint, upto timestamptz, g bigint, s bigint, since timestamptz, n int)
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
        and m.author <> who and m.answers is distinct from who
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
      order by x.at desc, x.seq desc limit n) everybody
    where r.user_id = who and (not r.inherits or coalesce(f.is_on, gr.landing))),
  newest as materialized (select * from calls order by at desc, group_id desc, seq desc limit n)
  select 'mention', m.group_id, m.seq, c.at, m.id, m.author
  from newest c join messages m on m.group_id = c.group_id and m.seq = c.seq
  order by c.at desc, m.group_id desc, m.seq desc;
end $$;

create function _answers_to(who bigint, upto timestamptz, g bigint, s bigint, since timestamptz, n int)
returns setof happening language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  return query
  select 'reply', m.group_id, m.seq, m.sent_at, m.id, m.author
  from messages m join readers r on r.user_id = who and r.group_id = m.group_id
  where m.answers = who and m.answers <> m.author and m.sent_at <= upto and m.sent_at > since
    and (m.sent_at, m.group_id, m.seq) < (upto, g, s) and m.seq >= r.first_seq
  order by m.sent_at desc, m.group_id desc, m.seq desc limit n;
end $$;

create function _reactions_to(who bigint, upto timestamptz, g bigint, s bigint, since timestamptz, n int)
returns setof happening language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  return query
  select 'reaction', m.group_id, m.seq, x.at, m.id, null::bigint
  from reacted x join messages m on m.id = x.message_id
  join readers r on r.user_id = who and r.group_id = m.group_id
  where x.to_user = who and x.at <= upto and x.at > since
    and (x.at, m.group_id, m.seq) < (upto, g, s) and m.seq >= r.first_seq
  order by x.at desc, m.group_id desc, m.seq desc limit n;
end $$;

create function _added_to(who bigint, upto timestamptz, g bigint, s bigint, since timestamptz, n int)
returns setof happening language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  return query
  select 'added', m.group_id, m.since_seq, m.opened_at, null::uuid, m.added_by
  from memberships m
  where m.user_id = who and m.to_seq is null and m.added_by is not null and m.opened_at <= upto
    and m.opened_at > since and (m.opened_at, m.group_id, m.since_seq) < (upto, g, s)
  order by m.opened_at desc, m.group_id desc, m.since_seq desc limit n;
end $$;

create function _activity(who bigint, upto timestamptz, g bigint, s bigint, since timestamptz, n int)
returns setof happening language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  return query
  select * from (
    select * from _calls_to(who, upto, g, s, since, n)
    union all select * from _answers_to(who, upto, g, s, since, n)
    union all select * from _reactions_to(who, upto, g, s, since, n)
    union all select * from _added_to(who, upto, g, s, since, n)) h
  order by h.at desc, h.group_id desc, h.seq desc limit n;
end $$;

-- Whoever reacted to a message of somebody's: how many, the last of them, and with what.
create function _reactions(message uuid, to_user bigint) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  return (
    with others as (
      select user_id, emote, at from emotes where message_id = message and user_id <> to_user),
    people as (select user_id, max(at) as at from others group by user_id),
    newest as (select u.sub, u.name, p.at from people p join users u on u.id = p.user_id order by p.at desc, u.id limit 3)
    select jsonb_build_object('people', (select count(*) from people),
      'by', (select jsonb_agg(jsonb_build_object('user', sub, 'name', name) order by at desc) from newest),
      'emotes', (select jsonb_agg(emote order by emote collate "C") from (select distinct emote from others) kinds)));
end $$;

-- A page as JSON of wire.ActivityEntry, a row each, with the place where it stands. `upto` null = from the newest on.
create function activity_of(who bigint, upto timestamptz, g bigint, s bigint, n int)
returns table(entry jsonb, at timestamptz, group_id bigint, seq bigint)
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
#variable_conflict use_column
begin
  return query
  select jsonb_strip_nulls(jsonb_build_object('kind', h.kind, 'group', h.group_id, 'seq', h.seq, 'at', _rfc3339(h.at),
      'message', case when m.id is not null then _shown(m) - 'emotes' end, 'people', 1, 'emotes', '[]'::jsonb,
      'by', jsonb_build_array(jsonb_build_object('user', u.sub, 'name', u.name))))
    || case when h.kind = 'reaction' then _reactions(h.message, who) else '{}' end,
    h.at, h.group_id, h.seq
  from _activity(who, coalesce(upto, 'infinity'), coalesce(g, 0), coalesce(s, 0), '-infinity', n) h
  left join messages m on m.id = h.message left join users u on u.id = h.by_user
  order by h.at desc, h.group_id desc, h.seq desc;
end $$;

-- --- what one has seen of it ----------------------------------------------------------------------------------

-- How far, and how much of the newest `looked` came since, counted up to `most`: but for messages that were read
-- where they stand.
-- Whether a message may light the number: not where they want to be told nothing, nor by somebody whom they block.
create function _counts_to(who bigint, g bigint, at_seq bigint) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select _level_of(who, g) <> 'nothing' and not exists (
    select 1 from messages m join person_blocks b on b.user_id = who and b.blocked = m.author
    where m.group_id = g and m.seq = at_seq) $$;

create function activity_news(who bigint, looked int, most int, out seen text, out unseen bigint)
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare since timestamptz := (select activity_seen from users where id = who);
begin
  seen := _rfc3339(since);
  select least(count(*), most) into unseen from _activity(who, 'infinity', 0, 0, since, looked) h
    left join read_pointers p on p.user_id = who and p.group_id = h.group_id
    where h.kind not in ('mention', 'reply')
      or h.seq > coalesce(p.seq, 0) and _counts_to(who, h.group_id, h.seq);
end $$;

-- Only forward, and never beyond this moment: what is to come is not seen.
create function see_activity(who bigint, upto timestamptz) returns outcome
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare self bigint := _self_group(who); reached timestamptz := least(upto, clock_timestamp());
begin
  perform _lock(array[self]);
  update users set activity_seen = reached where id = who and activity_seen < reached;
  if not found then return row(null, null)::outcome; end if;
  return row(null, array[_append(self, null,
    json_build_object('type', 'activity_seen', 'upto', _rfc3339(reached)))])::outcome;
end $$;
