-- Images and documents in messages: named when they are ready, told in the log with the message, gone with it. Who posts
-- without any goes the way they went before, function by function. Decision 0042.

-- As actions.MessageImage: what everybody needs to know to make room for it, before its bytes are there.
create function _image_json(f files, alt text) returns jsonb
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_strip_nulls(jsonb_build_object('id', f.id, 'kind', f.kind, 'alt', nullif(alt, ''), 'width', f.width,
    'height', f.height, 'placeholder', f.placeholder, 'name', nullif(f.name, ''),
    'length', case when f.kind = 'document' then f.length end)) $$;

-- Those of these that are `who`'s and may be shown in a message, or are: the message may have been sent before.
create function files_to_post(who bigint, ids uuid[]) returns setof jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select _image_json(f, null) from files f
  where f.id = any(ids) and f.owner = who and f.purpose = 'message' and f.state = 'ready' $$;

-- The files that the messages of a batch name, one by one, in order; `said` = a JSON list of {id, alt} for each message.
create function _named_files(said text[]) returns table(ord int, place int, id uuid, alt text)
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select s.ord::int, i.place::int, (i.image ->> 'id')::uuid, i.image ->> 'alt'
  from unnest(said) with ordinality as s(list, ord)
  cross join lateral jsonb_array_elements(s.list::jsonb) with ordinality as i(image, place) $$;

-- Which messages of a batch name what they may not: a file that is not ready, not their author's, of another room, or of
-- another message. What was sent before is judged by what it was then, and to an outsider there is nothing here.
create function _misfits(ids uuid[], gs bigint[], authors bigint[], said text[]) returns int[]
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with named as materialized (select n.*, ids[n.ord] as message from _named_files(said) n)
  select coalesce(array_agg(a.ord), '{}') from generate_subscripts(ids, 1) as a(ord)
  where said[a.ord] is not null
    and not exists (select 1 from messages m where m.id = ids[a.ord])
    and exists (select 1 from readers r where r.user_id = authors[a.ord] and r.group_id = gs[a.ord])
    and (not exists (select 1 from named n where n.ord = a.ord) or exists (
      select 1 from named n left join files f on f.id = n.id and f.owner = authors[a.ord] and f.group_id = gs[a.ord]
        and f.purpose = 'message' and f.state = 'ready' and f.used_at is null
      where n.ord = a.ord and (f.id is null or exists (
        select 1 from named other where other.id = n.id and (other.ord < n.ord and other.message <> n.message
          or other.ord = n.ord and other.place < n.place))))) $$;

-- As post_messages, for a batch in which some have images. `no_such_file` = they name what they may not.
create function post_with_images(
  ids uuid[], gs bigint[], authors bigint[], texts text[], macs bytea[], bodies bytea[], replies uuid[], called text[],
  images text[])
returns setof posted language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare fit int[]; done posted[]; at_now timestamptz;
begin
  perform 1 from groups where id = any(gs) order by id for no key update;
  perform 1 from files f where f.id in (select n.id from _named_files(images) n) order by f.id for no key update;
  fit := array(select o from generate_subscripts(ids, 1) o where not o = any(_misfits(ids, gs, authors, images)) order by o);
  select array_agg(p order by p.ord) into done from post_messages(
    array(select ids[o] from unnest(fit) o), array(select gs[o] from unnest(fit) o),
    array(select authors[o] from unnest(fit) o), array(select texts[o] from unnest(fit) o),
    array(select macs[o] from unnest(fit) o), array(select bodies[o] from unnest(fit) o),
    array(select replies[o] from unnest(fit) o), array(select called[o] from unnest(fit) o)) p;
  at_now := clock_timestamp();
  update messages m set images = shown.images from (
    select ids[fit[p.ord]] as message, jsonb_agg(_image_json(f, n.alt) order by n.place) as images
    from unnest(done) p join _named_files(post_with_images.images) n on n.ord = fit[p.ord] join files f on f.id = n.id
    where p.code = 'ok' group by p.ord) shown
    where m.id = shown.message;
  update files f set used_at = at_now, message_id = ids[n.ord]
    from unnest(done) p join _named_files(post_with_images.images) n on n.ord = fit[p.ord]
    where p.code = 'ok' and f.id = n.id;
  return query select o::int, coalesce(p.code, 'no_such_file'), p.seq, p.at
    from generate_subscripts(ids, 1) o left join unnest(done) p on fit[p.ord] = o order by o;
end $$;

-- As in 0038, and with its images.
create or replace function _shown(m messages) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_strip_nulls(jsonb_build_object('id', m.id, 'group', m.group_id, 'seq', m.seq,
    'author', _sub(m.author), 'text', coalesce(m.text, ''), 'sent_at', _rfc3339(m.sent_at), 'reply_to', m.reply_to,
    'event', case when m.deleted_at is null then m.event end,
    'images', m.images,
    'edited_at', case when m.deleted_at is null then _rfc3339(m.edited_at) end,
    'deleted', case when m.deleted_at is not null then true end,
    'emotes', (select jsonb_agg(jsonb_build_object('emote', e.emote, 'users', e.users) order by e.emote collate "C")
      from (select emote, jsonb_agg(u.sub order by u.sub collate "C") as users
            from emotes x join users u on u.id = x.user_id where x.message_id = m.id group by emote) e))) $$;

-- As in 0009; a message that is deleted has no images, either.
create or replace function _rewrite(m messages, new_text text) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  update actions set body = convert_to(case when new_text is null
      then convert_from(body, 'UTF8')::jsonb - 'reply_to' - 'images' || '{"text": "", "deleted": true}'
      else convert_from(body, 'UTF8')::jsonb || jsonb_build_object('text', new_text) end #>> '{}', 'UTF8')
    where target = m.id and group_id = m.group_id
      and convert_from(body, 'UTF8')::jsonb ->> 'type' in ('message_posted', 'message_edited') $$;

-- As in 0028; beside images there need not be any text.
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
  return row(null, array[entry])::outcome;
end $$;

-- --- what is told elsewhere -----------------------------------------------------------------------------------

-- What a message says, for those who are told of it in words alone.
create function _in_words(m messages) returns text
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select case when m.text <> '' or m.images is null then m.text
    when m.images -> 0 ->> 'kind' = 'document' then U&'\+01F4CE ' || coalesce(m.images -> 0 ->> 'name', '')
    else rtrim(U&'\+01F5BC ' || coalesce(m.images -> 0 ->> 'alt', '')) end $$;

-- As in 0036 and 0044, and what has images alone is told of by them.
create or replace function pushed_messages(gs bigint[], seqs bigint[])
returns table(group_id bigint, seq bigint, message uuid, text text, sent_at timestamptz, author text, room text,
  club text, kind text, names jsonb)
language sql stable security definer set search_path = clubroom, pg_temp set plan_cache_mode = force_generic_plan as $$
  select m.group_id, m.seq, m.id, _in_words(m), m.sent_at, u.name, g.name, club.name, g.kind,
    case when position('<@' in m.text) = 0 then '{}' else
      (select coalesce(jsonb_object_agg(by, name), '{}') from (
         select _called_as(c.user_id) as by, coalesce(called.name, l.name) as name from mentions c
           left join users called on called.id = c.user_id left join labels l on l.id = -c.user_id
           where c.group_id = m.group_id and c.seq = m.seq) n where name is not null) end
  from unnest(gs, seqs) as asked(g, seq)
  join messages m on m.group_id = asked.g and m.seq = asked.seq and m.deleted_at is null
  join users u on u.id = m.author join groups g on g.id = m.group_id
  left join groups club on club.id = _club_of(g.id) $$;

-- As in 0037, and so.
create or replace function _words_said(who bigint, m messages) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object('room', _room_said(who, m.group_id), 'id', m.id, 'text', _in_words(m),
    'by', (select name from users where id = m.author),
    'names', (select coalesce(jsonb_object_agg(c.called, coalesce(u.name, l.name)), '{}')
      from (select distinct found[1] as called from regexp_matches(m.text, '<@([^<>\s]{1,255})>', 'g') as found) c
      left join users u on u.sub = c.called and exists (select 1 from memberships ms join groups g on g.id = m.group_id
        where ms.group_id = g.members_of and ms.user_id = u.id)
      left join labels l on c.called = 'label:' || l.key::text and l.group_id = _club_of(m.group_id)
      where u.id is not null or l.id is not null)) $$;
