-- What one does to a message: reply, edit, delete, react, pin, mention, mark unread. Each is an action of its own,
-- and what an earlier action says is rewritten where it stands (L4).

alter table messages
  add reply_to uuid,
  add edited_at timestamptz,
  add deleted_at timestamptz;

-- What an edited message said before, for whoever runs the club. A deletion empties it.
create table message_versions(
  message_id uuid not null references messages,
  until_seq bigint not null,                 -- the action that replaced it
  text text not null,
  primary key (message_id, until_seq));

create table emotes(
  message_id uuid not null references messages,
  emote text not null check (length(emote) between 1 and 40),
  user_id bigint not null references users,
  primary key (message_id, emote, user_id));

create table pins(
  group_id bigint not null references groups,
  message_id uuid not null references messages,
  seq bigint not null,                       -- the action that pinned it
  primary key (group_id, message_id));

-- Whom a message calls by name; user_id 0 = everybody.
create table mentions(
  group_id bigint not null,
  user_id bigint not null,
  seq bigint not null,
  primary key (group_id, user_id, seq));

alter table read_pointers add seen bigint;   -- the furthest that it ever stood: it may be moved back by hand
update read_pointers set seen = seq;
alter table read_pointers alter seen set not null;

create view messages_seen with (security_invoker = true) as
  select m.id as message_id, m.group_id, p.user_id, p.moved_at
  from messages m join read_pointers p on p.group_id = m.group_id and p.seen >= m.seq;

-- --- sending --------------------------------------------------------------------------------------------------

-- `replies`: the message that is answered. `called`: a JSON list of the user ids that the text mentions, "*" for
-- everybody; null = none.
drop function post_messages(uuid[], bigint[], bigint[], text[], bytea[], bytea[]);
create function post_messages(
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
           when not ms.may_post or gr.archived_at is not null
             or gr.announce and not _manages(gr, a.author, ms.role) then 'forbidden'
           when gr.kind = 'dm' and not _may_write_dm(a.author, a.g) then 'forbidden'
           when a.called like '%"*"%' and gr.kind <> 'dm' and not _manages(gr, a.author, ms.role) then 'forbidden'
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
    select p.g, coalesce(u.id, 0), p.seq from placed p
    cross join lateral (select distinct sub from jsonb_array_elements_text(p.called::jsonb) as c(sub)) c
    left join users u on u.sub = c.sub
    where p.called is not null and (u.id is not null or c.sub = '*'))
  select j.ord::int, j.code, coalesce(p.seq, j.old_seq), coalesce(case when p.seq is not null then now_at end, j.old_at)
  from judged j left join placed p using (ord) order by j.ord;
end $$;

-- --- what is done to a message --------------------------------------------------------------------------------

-- Locks the group of a message that `who` may read and that still says something. Its id alone opens nothing.
create function _message(who bigint, message uuid) returns messages
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare found_message messages;
begin
  perform _lock(array(select group_id from messages where id = message));
  select * into found_message from messages where id = message;
  if found_message.id is null then perform _fail('not_found'); end if;
  if found_message.seq < _reading(who, found_message.group_id) then perform _fail('not_found'); end if;
  return found_message;
end $$;

create function _standing(m messages) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  if m.deleted_at is not null then perform _fail('not_found'); end if;
  if (select archived_at from groups where id = m.group_id) is not null then perform _fail('forbidden'); end if;
end $$;

-- Whatever the log says of a message's text, at the place where it stands (L4).
create function _rewrite(m messages, new_text text) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  update actions set body = convert_to(case when new_text is null
      then convert_from(body, 'UTF8')::jsonb - 'reply_to' || '{"text": "", "deleted": true}'
      else convert_from(body, 'UTF8')::jsonb || jsonb_build_object('text', new_text) end #>> '{}', 'UTF8')
    where target = m.id and group_id = m.group_id
      and convert_from(body, 'UTF8')::jsonb ->> 'type' in ('message_posted', 'message_edited') $$;

-- `called` as in post_messages. Nobody new is called by an edit; whom it names no more is not called any more.
create function edit_message(who bigint, message uuid, new_text text, called text, edits_max int)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare m messages := _message(who, message); entry logged;
begin
  perform _standing(m);
  if m.author <> who or not (select may_post from readers where user_id = who and group_id = m.group_id) then
    perform _fail('forbidden');
  end if;
  if m.text = new_text then return row(null, null)::outcome; end if;
  if called::jsonb ? '*' and (select not r.manages and g.kind <> 'dm' from readers r
      join groups g on g.id = r.group_id where r.user_id = who and r.group_id = m.group_id) then
    perform _fail('forbidden');
  end if;
  if (select count(*) from message_versions where message_id = m.id) >= edits_max then perform _fail('full'); end if;
  perform _rewrite(m, new_text);
  delete from mentions n where n.group_id = m.group_id and n.seq = m.seq
    and not coalesce(called::jsonb ? case when n.user_id = 0 then '*' else _sub(n.user_id) end, false);
  entry := _append(m.group_id, m.id, json_build_object('type', 'message_edited', 'id', m.id, 'text', new_text));
  insert into message_versions(message_id, until_seq, text) values (m.id, entry.seq, m.text);
  update messages set text = new_text, edited_at = entry.at where id = m.id;
  return row(null, array[entry])::outcome;
end $$;

-- By its author, or whoever runs the room. Nothing of what it said stays, neither here nor in the log.
create function delete_message(who bigint, message uuid)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare m messages := _message(who, message); entry logged;
begin
  if m.author <> who and not (select manages and g.kind <> 'dm' from readers r join groups g on g.id = r.group_id
      where r.user_id = who and r.group_id = m.group_id) then
    perform _fail('forbidden');
  end if;
  if m.deleted_at is not null then return row(null, null)::outcome; end if;
  perform _rewrite(m, null);
  delete from message_versions where message_id = m.id;
  delete from emotes where message_id = m.id;
  delete from pins where message_id = m.id;
  delete from mentions where group_id = m.group_id and seq = m.seq;
  entry := _append(m.group_id, m.id, json_build_object('type', 'message_deleted', 'id', m.id, 'by', _sub(who)));
  update messages set text = null, sent_mac = null, reply_to = null, deleted_at = entry.at where id = m.id;
  return row(null, array[entry])::outcome;
end $$;

create function add_emote(who bigint, message uuid, new_emote text, kinds_max int, emotes_max int)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare m messages := _message(who, message);
begin
  perform _standing(m);
  -- where only announcements are made one reacts; into a conversation that is over nothing comes any more
  if (select not r.may_post and g.kind = 'dm' from readers r join groups g on g.id = r.group_id
      where r.user_id = who and r.group_id = m.group_id) then
    perform _fail('forbidden');
  end if;
  if exists (select 1 from emotes where message_id = m.id and emote = new_emote and user_id = who) then
    return row(null, null)::outcome;
  end if;
  if (select count(*) >= emotes_max or count(distinct emote) filter (where emote <> new_emote) >= kinds_max
      from emotes where message_id = m.id) then
    perform _fail('full');
  end if;
  insert into emotes(message_id, emote, user_id) values (m.id, new_emote, who);
  return row(null, array[_append(m.group_id, m.id, json_build_object(
    'type', 'emote_added', 'id', m.id, 'emote', new_emote, 'user', _sub(who)))])::outcome;
end $$;

create function remove_emote(who bigint, message uuid, old_emote text)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare m messages := _message(who, message);
begin
  delete from emotes where message_id = m.id and emote = old_emote and user_id = who;
  if not found then return row(null, null)::outcome; end if;
  return row(null, array[_append(m.group_id, m.id, json_build_object(
    'type', 'emote_removed', 'id', m.id, 'emote', old_emote, 'user', _sub(who)))])::outcome;
end $$;

create function pin_message(who bigint, message uuid, pin boolean, pins_max int)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare m messages := _message(who, message); entry logged; pinned boolean;
begin
  perform _standing(m);
  if not (select may_post from readers where user_id = who and group_id = m.group_id) then perform _fail('forbidden'); end if;
  pinned := exists (select 1 from pins where group_id = m.group_id and message_id = m.id);
  if pin = pinned then return row(null, null)::outcome; end if;
  if pin and (select count(*) from pins where group_id = m.group_id) >= pins_max then perform _fail('full'); end if;
  entry := _append(m.group_id, m.id, json_build_object('type',
    case when pin then 'message_pinned' else 'message_unpinned' end, 'id', m.id, 'by', _sub(who)));
  if pin then
    insert into pins(group_id, message_id, seq) values (m.group_id, m.id, entry.seq);
  else
    delete from pins where group_id = m.group_id and message_id = m.id;
  end if;
  return row(null, array[entry])::outcome;
end $$;

-- --- reading --------------------------------------------------------------------------------------------------

create function _shown(m messages) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_strip_nulls(jsonb_build_object('id', m.id, 'group', m.group_id, 'seq', m.seq,
    'author', _sub(m.author), 'text', coalesce(m.text, ''), 'sent_at', _rfc3339(m.sent_at), 'reply_to', m.reply_to,
    'edited_at', case when m.deleted_at is null then _rfc3339(m.edited_at) end,
    'deleted', case when m.deleted_at is not null then true end,
    'emotes', (select jsonb_agg(jsonb_build_object('emote', e.emote, 'users', e.users) order by e.emote collate "C")
      from (select emote, jsonb_agg(u.sub order by u.sub collate "C") as users
            from emotes x join users u on u.id = x.user_id where x.message_id = m.id group by emote) e))) $$;

-- Pages come as JSON of wire.Message, a row each.
drop function messages_before(bigint, bigint, bigint, int);
create function messages_before(who bigint, g bigint, before bigint, n int) returns setof jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare first_seq bigint := _reading(who, g);
begin
  return query select _shown(m) from messages m
    where m.group_id = g and m.seq >= first_seq and m.seq < before order by m.seq desc limit n;
end $$;

drop function messages_from(bigint, bigint, bigint, int);
create function messages_from(who bigint, g bigint, first bigint, n int) returns setof jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare first_seq bigint := _reading(who, g);
begin
  return query select _shown(m) from messages m
    where m.group_id = g and m.seq >= greatest(first_seq, first) order by m.seq limit n;
end $$;
drop type shown_message;

create function pinned_messages(who bigint, g bigint) returns setof jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare first_seq bigint := _reading(who, g);
begin
  return query select _shown(m) from pins p join messages m on m.id = p.message_id
    where p.group_id = g and m.seq >= first_seq order by p.seq desc;
end $$;

create function message_by_id(who bigint, message uuid) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare m messages;
begin
  select * into m from messages where id = message;
  if m.id is null or m.seq < _reading(who, m.group_id) then perform _fail('not_found'); end if;
  return _shown(m);
end $$;

-- Who else of those who are in the group now, and may read it, has seen a message: how many, and the first of them.
create function seen_by(who bigint, message uuid, n int) returns table(total bigint, users text[])
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare m messages;
begin
  select * into m from messages where id = message;
  if m.id is null or m.seq < _reading(who, m.group_id) then perform _fail('not_found'); end if;
  return query
    with seen as (
      select u.sub from messages_seen s join readers r on r.user_id = s.user_id and r.group_id = s.group_id
      join users u on u.id = s.user_id
      where s.message_id = message and s.user_id <> m.author and m.seq >= r.first_seq)
    select (select count(*) from seen), array(select sub from seen order by sub limit n);
end $$;

create or replace function snapshot(who bigint, g bigint, since bigint, n int) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare first_seq bigint := _reading(who, g); messages jsonb; window_seq bigint;
begin
  with newest as (
    select m.seq, _shown(m) as shown from messages m
    where m.group_id = g and m.seq >= first_seq and m.seq > since order by m.seq desc limit n)
  select coalesce(jsonb_agg(shown order by seq), '[]'),
         -- fewer than asked for: complete from the first readable action on
         case when count(*) < n then greatest(first_seq, since + 1) else min(seq) end
    into messages, window_seq from newest;
  return (
    select jsonb_build_object('group', gr.id, 'epoch', installation_epoch(), 'seq', gr.head, 'kind', gr.kind,
      'name', gr.name, 'parent', gr.parent, 'members', _members(g), 'messages', messages, 'window', window_seq,
      'private', gr.members_of = gr.id, 'description', gr.description, 'announce', gr.announce, 'landing', gr.landing,
      'archived', gr.archived_at is not null, 'rooms_by_admins', gr.rooms_by_admins, 'dms_off', gr.dms_off,
      -- also what one may not read: ids say nothing, and the log goes on from all of them
      'pinned', (select coalesce(jsonb_agg(p.message_id order by p.seq), '[]') from pins p where p.group_id = g))
    from groups gr where gr.id = g);
end $$;

-- A person's groups for the first screen, as JSON of wire.GroupEntry. Unread = others' messages after the pointer and
-- since they came, `mentions` = those of them that call this person. Only the newest `most` are looked at, and none
-- where nothing was said since they came: whoever comes into a club of many rooms would otherwise wait for all that
-- was ever said there.
drop function my_groups(bigint, int);
create function my_groups(who bigint, most int default 100) returns setof jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object('group', g.id, 'kind', g.kind, 'name', g.name, 'parent', g.parent,
    'role', r.role, 'head', g.head, 'read', coalesce(p.seq, 0),
    'unread', (select count(*) from (
       select * from messages x where x.group_id = g.id and x.seq >= fresh.first_seq order by x.seq desc limit most) x
       where x.author <> who and x.deleted_at is null and (not r.inherits or x.sent_at >= r.opened_at)),
    'mentions', (select least(count(distinct x.seq), most) from unnest(array[who, 0]) as c(called)
       cross join lateral (
         select n.seq from mentions n where n.group_id = g.id and n.user_id = c.called and n.seq >= fresh.first_seq
           order by n.seq desc limit most) n
       join messages x on x.group_id = g.id and x.seq = n.seq
       where x.author <> who and (not r.inherits or x.sent_at >= r.opened_at)),
    'manages', r.manages, 'may_post', r.may_post,
    'private', not r.inherits,
    'followed', case when r.inherits then _follows(who, g.id) else true end,
    'description', g.description, 'announce', g.announce, 'landing', g.landing,
    'archived', g.archived_at is not null, 'rooms_by_admins', g.rooms_by_admins, 'dms_off', g.dms_off,
    'people', coalesce((
       select jsonb_agg(jsonb_build_object('user', u.sub, 'name', u.name) order by u.sub)
       from dms d join users u on u.id = any(d.people) where d.group_id = g.id and u.id <> who), '[]'))
  from readers r join groups g on g.id = r.group_id
  left join read_pointers p on p.user_id = who and p.group_id = g.id
  cross join lateral (select greatest(coalesce(p.seq, 0) + 1, r.first_seq, case
      when not r.inherits then r.since_seq
      when (select x.sent_at from messages x where x.group_id = g.id order by x.seq desc limit 1) >= r.opened_at then 1
      else g.head + 1 end) as first_seq) fresh
  where r.user_id = who order by g.id $$;

create or replace function move_read_pointers(users bigint[], gs bigint[], seqs bigint[])
returns table(user_id bigint, group_id bigint, seq bigint)
language plpgsql security definer set search_path = clubroom, pg_temp as $$
#variable_conflict use_column
begin
  return query
  insert into read_pointers as p (user_id, group_id, seq, seen, moved_at)
  select a.u, a.g, least(max(a.s), max(gr.head)), least(max(a.s), max(gr.head)), clock_timestamp()
  from unnest(users, gs, seqs) as a(u, g, s)
  join groups gr on gr.id = a.g
  join memberships m on m.user_id = a.u and m.group_id = gr.members_of and m.to_seq is null
  group by a.u, a.g order by a.u, a.g
  on conflict on constraint read_pointers_pkey do update
    set seq = excluded.seq, seen = greatest(p.seen, excluded.seq), moved_at = excluded.moved_at where p.seq < excluded.seq
  returning p.user_id, p.group_id, p.seq;
end $$;

-- Unread from here: back to `seq`, by hand. What was seen stays seen.
create function move_read_pointer_back(who bigint, g bigint, to_seq bigint) returns bigint
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  perform _reading(who, g);
  update read_pointers set seq = least(seq, to_seq) where user_id = who and group_id = g;
  return coalesce((select p.seq from read_pointers p where p.user_id = who and p.group_id = g), 0);
end $$;
