-- What the first link of a message shows: fetched by a worker, told in the log, gone with the link. Decision 0046.

alter table messages add preview jsonb;      -- as actions.LinkPreview; null = none
alter table files drop constraint files_purpose_check;
alter table files add constraint files_purpose_check
  check (purpose in ('message', 'avatar', 'picture', 'cover', 'emote', 'preview'));

-- Messages whose link waits to be looked at, is shown, or is not to be shown. Where there was nothing to show, or no link
-- after all, there is no row.
create table link_asks(
  message_id uuid primary key references messages on delete cascade,
  author bigint not null references users,
  round uuid not null default gen_random_uuid(),  -- another one for each text
  link text,                                 -- as it stands in the text: what was shown last
  removed boolean not null default false,    -- somebody does not want `link` to be shown
  asked_at timestamptz not null,
  due_at timestamptz,                        -- looked at from then on; null = that was done
  tries int not null default 0);
create index link_asks_due on link_asks(due_at) where due_at is not null;

-- What was fetched within the last day, by the hash of its address, and for whom: what limits are counted by.
create table link_pages(
  address bytea primary key,
  host text not null,
  author bigint not null references users,
  fetched_at timestamptz not null,
  until_at timestamptz not null,             -- so long nobody else fetches it
  done boolean not null default false,
  fails int not null default 0,              -- how often it did not answer, since it last did
  page jsonb);                               -- what was read there; null = nothing to show
create index link_pages_at on link_pages(fetched_at);
create index link_pages_of_author on link_pages(author, fetched_at);
create index link_pages_of_host on link_pages(host, fetched_at);

-- --- asking ---------------------------------------------------------------------------------------------------

-- In the transaction that posts. Which link it is, if any, is read by whoever looks at it: a message without "://" pays
-- for one comparison. What is brought in from elsewhere with its old times shows nothing.
create function _link_asked() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  insert into link_asks(message_id, author, asked_at, due_at) values (new.id, new.author, new.sent_at, new.sent_at);
  return null;
end $$;
create trigger link_asked after insert on messages for each row
  when (new.text like '%://%' and new.event is null and new.sent_at > now() - interval '1 hour')
  execute function _link_asked();

-- Nothing is shown. What somebody has removed stays removed.
create function _links_rest(ids uuid[]) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  update link_asks set due_at = null, tries = 0 where message_id = any(ids) and removed;
  delete from link_asks where message_id = any(ids) and not removed $$;

-- Up to `n` that wait, for `lease_seconds`, of nobody more than two while others wait. Whoever is killed leaves them to
-- the next; what was taken `tries_max` times shows nothing.
create function take_links(n int, lease_seconds int, tries_max int, moment timestamptz) returns setof jsonb
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp());
begin
  perform _links_rest(array(
    select message_id from link_asks where due_at <= at_now and tries >= tries_max
      order by due_at limit 100 for update skip locked));
  return query update link_asks a set tries = a.tries + 1, due_at = at_now + make_interval(secs => lease_seconds)
    from messages m where m.id = a.message_id and a.message_id in (
      select x.message_id from link_asks x join (
          select message_id, due_at, (row_number() over (partition by author order by due_at) - 1) / 2 as turn
          from (select * from link_asks where due_at <= at_now order by due_at limit 1000) waiting) next
        on next.message_id = x.message_id
      where x.due_at <= at_now order by next.turn, next.due_at limit n for update of x skip locked)
    returning jsonb_build_object('message', a.message_id, 'author', a.author, 'round', a.round, 'tries', a.tries,
      'text', case when m.event is null then coalesce(m.text, '') else '' end,
      'removed', case when a.removed then a.link end);
end $$;

create function postpone_link(message uuid, at_round uuid, seconds float, counted boolean, moment timestamptz) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  update link_asks set due_at = coalesce(moment, clock_timestamp()) + make_interval(secs => seconds),
    tries = case when counted then tries else greatest(tries - 1, 0) end
  where message_id = message and round = at_round and due_at is not null $$;

-- There is nothing to show.
create function settle_link(message uuid, at_round uuid) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  select _links_rest(array(select message_id from link_asks
    where message_id = message and round = at_round and due_at is not null for update)) $$;

-- --- pages ----------------------------------------------------------------------------------------------------

-- Before a page is fetched: {is} `known`, with what was found within the day, or within ten minutes if it is wanted
-- `fresh`; `busy` = somebody fetches it now, or it did not answer a moment ago; `host`, `author` = asked for too often;
-- `go` = fetch it, and close it then.
create function open_page(of_address bytea, of_host text, who bigint, fresh boolean, busy_seconds int,
  author_hour_max int, host_minute_max int, moment timestamptz) returns jsonb
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare p link_pages; at_now timestamptz := coalesce(moment, clock_timestamp());
begin
  perform pg_advisory_xact_lock(hashtextextended('clubroom.pages of ' || of_host, 0));
  select * into p from link_pages where address = of_address for update;
  if p.until_at > at_now and not (fresh and p.done and p.fetched_at < at_now - interval '10 minutes') then
    return case when p.done then jsonb_build_object('is', 'known', 'page', p.page)
      else '{"is": "busy"}' end;
  end if;
  if (select count(*) from link_pages where host = of_host and fetched_at > at_now - interval '1 minute')
      >= host_minute_max then
    return '{"is": "host"}';
  end if;
  if (select count(*) from link_pages where author = who and fetched_at > at_now - interval '1 hour')
      >= author_hour_max then
    return '{"is": "author"}';
  end if;
  insert into link_pages as old (address, host, author, fetched_at, until_at)
    values (of_address, of_host, who, at_now, at_now + make_interval(secs => busy_seconds))
    on conflict (address) do update set author = excluded.author, fetched_at = excluded.fetched_at,
      until_at = excluded.until_at, done = false, page = null, fails = case when old.done then 0 else old.fails end;
  return '{"is": "go"}';
end $$;

-- What was found there, for so many seconds; `found` null = nothing to show.
create function close_page(of_address bytea, found jsonb, seconds int, moment timestamptz) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  update link_pages set page = found, done = true, fails = 0,
    until_at = coalesce(moment, clock_timestamp()) + make_interval(secs => seconds) where address = of_address $$;

-- It did not answer: whoever wants it comes again in `again_seconds`, each time three times as many; after `fails_max`
-- times it is given up, and there is nothing to show for `given_up_seconds`. Whether it is.
create function page_failed(of_address bytea, again_seconds float, fails_max int, given_up_seconds int, moment timestamptz)
returns boolean language sql security definer set search_path = clubroom, pg_temp as $$
  update link_pages set fails = fails + 1, done = fails + 1 >= fails_max,
    until_at = coalesce(moment, clock_timestamp()) + make_interval(secs => case when fails + 1 >= fails_max
      then given_up_seconds else again_seconds * 3 ^ fails end) where address = of_address returning done $$;

-- At most `n` of those that are a day old, or more than `kept`; whether there may be more.
create function forget_pages(n int, kept int, moment timestamptz) returns boolean
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare gone int; before timestamptz := greatest(coalesce(moment, clock_timestamp()) - interval '1 day',
  (select fetched_at from link_pages order by fetched_at desc offset kept limit 1));
begin
  delete from link_pages where address in (
    select address from link_pages where fetched_at <= before order by fetched_at limit n for update skip locked);
  get diagnostics gone = row_count;
  return gone = n;
end $$;

-- --- showing --------------------------------------------------------------------------------------------------

-- Room for the picture of a preview: its row is there before its bytes are. Until it is shown it is as any file that
-- nobody uses, and goes in a day. False = there is no room, or no message any more, or its author has had `hour_max` of
-- them within the hour.
create function keep_preview_picture(message uuid, file uuid, bytes bigint, its_width int, its_height int,
  its_placeholder text, hour_max int, own_max bigint, club_max bigint, moment timestamptz) returns boolean
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare m messages; at_now timestamptz := coalesce(moment, clock_timestamp()); of_club bigint;
begin
  select * into m from messages where id = message and deleted_at is null;
  if m.id is null then return false; end if;
  of_club := _club_of(m.group_id);
  perform pg_advisory_xact_lock(hashtextextended('clubroom.files of ' || m.author, 0));
  if of_club is not null then
    perform pg_advisory_xact_lock(hashtextextended('clubroom.files in ' || of_club, 0));
  end if;
  if (select count(*) from files where owner = m.author and purpose = 'preview'
      and asked_at > at_now - interval '1 hour') >= hour_max then
    return false;
  end if;
  if _over(m.author, of_club, bytes, 2147483647, 9223372036854775807, own_max, club_max, at_now) is not null then
    return false;
  end if;
  insert into files(id, owner, group_id, club, purpose, kind, type, name, length, state, asked_at, ready_at, sizes, stored,
      width, height, placeholder)
    values (file, m.author, m.group_id, of_club, 'preview', 'image', 'image/webp', '', bytes, 'ready', at_now, at_now,
      '{thumb}', bytes, its_width, its_height, its_placeholder);
  return true;
end $$;

-- Once for each text. The result says whether it is shown: the message may say something else by now, or nothing.
create function show_preview(message uuid, at_round uuid, its_link text, shown jsonb, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare m messages; a link_asks; at_now timestamptz := coalesce(moment, clock_timestamp());
begin
  perform _lock(array(select group_id from messages where id = message));
  select * into m from messages where id = message;
  select * into a from link_asks where message_id = message for update;
  if a.round is distinct from at_round or a.due_at is null then return row(to_jsonb(false), null)::outcome; end if;
  if exists (select 1 from groups where id = m.group_id and (deleted_at is not null or suspended_at is not null)) then
    delete from link_asks where message_id = m.id;
    return row(to_jsonb(false), null)::outcome;
  end if;
  if shown ? 'image' then
    update files set used_at = at_now, message_id = m.id
      where id = (shown -> 'image' ->> 'id')::uuid and state = 'ready' and used_at is null;
    if not found then shown := shown - 'image'; end if;
  end if;
  update messages set preview = shown where id = m.id;
  update link_asks set link = its_link, removed = false, due_at = null, tries = 0 where message_id = m.id;
  return row(to_jsonb(true), array[_append(m.group_id, m.id, json_build_object(
    'type', 'link_previewed', 'id', m.id, 'preview', shown))])::outcome;
end $$;

-- --- what goes ------------------------------------------------------------------------------------------------

-- Neither the log nor the store has it any more, and the log says that there is none. Whoever asks holds the lock.
create function _hide_preview(m messages) returns logged
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  perform _forget_preview(m);
  perform _go(f, clock_timestamp()) from files f where f.message_id = m.id and f.purpose = 'preview';
  update messages set preview = null where id = m.id;
  return _append(m.group_id, m.id, json_build_object('type', 'link_previewed', 'id', m.id));
end $$;

create function _forget_preview(m messages) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  update actions set body = convert_to((convert_from(body, 'UTF8')::jsonb - 'preview') #>> '{}', 'UTF8')
    where target = m.id and group_id = m.group_id and convert_from(body, 'UTF8')::jsonb ->> 'type' = 'link_previewed' $$;

-- By its author, or whoever runs the room; also before there is one. The same link is not shown again.
create function remove_preview(who bigint, message uuid)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare m messages := _message(who, message);
begin
  if m.deleted_at is not null then perform _fail('not_found'); end if;
  if m.author <> who and not (select manages and g.kind <> 'dm' from readers r join groups g on g.id = r.group_id
      where r.user_id = who and r.group_id = m.group_id) then
    perform _fail('forbidden');
  end if;
  -- before it was looked at nobody knows which link it is: then it is whichever stands there
  update link_asks set removed = true, link = case when due_at is null then link end, due_at = null,
    round = gen_random_uuid() where message_id = m.id;
  if m.preview is null then return row(null, null)::outcome; end if;
  return row(null, array[_hide_preview(m)])::outcome;
end $$;

-- Whether this link is the first in a text, for certain: nothing that may be another one before it, nothing that may
-- belong to it behind it, and nothing that may be code.
create function _still_first(link text, new_text text) returns boolean
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select coalesce(strpos(new_text, '`') = 0
    and strpos(left(new_text, strpos(new_text, link) - 1), '://') = 0 and strpos(new_text, link) > 0
    and left(new_text, strpos(new_text, link) - 1) ~ '(^|\s)$'
    and substr(new_text, strpos(new_text, link) + length(link)) ~ '^(\s|$)', false) $$;

-- The text of a message is another one: what its link shows stays as long as the link does. Otherwise it goes with it,
-- and whoever looks at links finds out whether there is another one.
create function _link_again(m messages, new_text text) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare a link_asks; at_now timestamptz := clock_timestamp();
begin
  select * into a from link_asks where message_id = m.id for update;
  if a.due_at is null and (_still_first(a.link, new_text)
      or a.removed and a.link is null and new_text like '%://%') then
    return '{}';
  end if;
  if new_text like '%://%' and m.event is null then
    insert into link_asks(message_id, author, asked_at, due_at) values (m.id, m.author, at_now, at_now)
      on conflict (message_id) do update set round = gen_random_uuid(), asked_at = at_now, due_at = at_now, tries = 0;
  else
    perform _links_rest(array[m.id]);
  end if;
  if m.preview is null then return '{}'; end if;
  return array[_hide_preview(m)];
end $$;

-- As in 0049, and so with what its link shows.
create or replace function edit_message(who bigint, message uuid, new_text text, called text, edits_max int)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare m messages := _message(who, message); entry logged; reader readers;
begin
  perform _standing(m);
  select * into reader from readers where user_id = who and group_id = m.group_id;
  if m.author <> who or not reader.may_post then perform _fail('forbidden'); end if;
  if new_text = '' and m.images is null then perform _fail('invalid_text'); end if;
  if m.text = new_text then return row(null, null)::outcome; end if;
  if called is not null and not reader.manages and not _may_call(who, called)
     and (select kind from groups where id = m.group_id) <> 'dm' then
    perform _fail('forbidden');
  end if;
  if (select count(*) from message_versions where message_id = m.id) >= edits_max then perform _fail('full'); end if;
  perform _rewrite(m, new_text);
  delete from mentions n where n.group_id = m.group_id and n.seq = m.seq
    and not coalesce(called::jsonb ? _called_as(n.user_id), false);
  entry := _append(m.group_id, m.id, json_build_object('type', 'message_edited', 'id', m.id, 'text', new_text));
  insert into message_versions(message_id, until_seq, text) values (m.id, entry.seq, m.text);
  update messages set text = new_text, edited_at = entry.at where id = m.id;
  return row(null, array[entry] || _link_again(m, new_text))::outcome;
end $$;

-- As in 0049; a message that is deleted has no preview, either.
create or replace function _rewrite(m messages, new_text text) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  update actions set body = convert_to(case when new_text is null
      then convert_from(body, 'UTF8')::jsonb - 'reply_to' - 'images' || '{"text": "", "deleted": true}'
      else convert_from(body, 'UTF8')::jsonb || jsonb_build_object('text', new_text) end #>> '{}', 'UTF8')
    where target = m.id and group_id = m.group_id
      and convert_from(body, 'UTF8')::jsonb ->> 'type' in ('message_posted', 'message_edited');
  select _forget_preview(m) where new_text is null $$;

create function _link_goes() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  delete from link_asks where message_id = new.id;
  new.preview := null;
  return new;
end $$;
create trigger link_goes before update of deleted_at on messages
  for each row when (old.deleted_at is null and new.deleted_at is not null) execute function _link_goes();
create trigger preview_goes after update of deleted_at on messages
  for each row when (old.preview is not null and new.deleted_at is not null) execute function _images_go();
create trigger preview_trimmed after delete on messages
  for each row when (old.preview is not null) execute function _images_go();

-- As in 0049, and with what its link shows.
create or replace function _shown(m messages) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_strip_nulls(jsonb_build_object('id', m.id, 'group', m.group_id, 'seq', m.seq,
    'author', _sub(m.author), 'text', coalesce(m.text, ''), 'sent_at', _rfc3339(m.sent_at), 'reply_to', m.reply_to,
    'event', case when m.deleted_at is null then m.event end,
    'images', m.images, 'preview', m.preview,
    'edited_at', case when m.deleted_at is null then _rfc3339(m.edited_at) end,
    'deleted', case when m.deleted_at is not null then true end,
    'emotes', (select jsonb_agg(jsonb_build_object('emote', e.emote, 'users', e.users) order by e.emote collate "C")
      from (select emote, jsonb_agg(u.sub order by u.sub collate "C") as users
            from emotes x join users u on u.id = x.user_id where x.message_id = m.id group by emote) e))) $$;

-- As in 0048; what a preview shows is nobody's to ask for.
create or replace function file_of(who bigint, file uuid) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare f files;
begin
  select * into f from files where id = file and owner = who and state <> 'gone' and purpose <> 'preview';
  if f.id is null then perform _fail('not_found'); end if;
  return _file_json(f);
end $$;

-- As in 0039, and of messages that go nothing is said any more in what was told of them later.
create or replace function _forget_until(g bigint, upto bigint, spare_pins boolean) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare ids uuid[];
begin
  ids := array(select m.id from messages m where m.group_id = g and m.seq <= upto
    and not (spare_pins and exists (select 1 from pins p where p.group_id = g and p.message_id = m.id)));
  delete from mentions n using messages m where m.id = any(ids) and n.group_id = g and n.seq = m.seq;
  delete from message_versions where message_id = any(ids);
  delete from emotes where message_id = any(ids);
  delete from pins where group_id = g and message_id = any(ids);
  perform _rewrite(m, null) from messages m where m.id = any(ids) and (m.edited_at is not null or m.preview is not null);
  delete from messages where id = any(ids);
  update answers set note = '' where group_id = g and note <> ''
    and at <= (select max(a.at) from actions a where a.group_id = g and a.seq <= upto);
  delete from actions where group_id = g and seq <= upto;
  update groups set floor = greatest(floor, upto) where id = g;
end $$;
