-- What lies with messages is found, and what lies in the store is shown to whoever has to do with it: to members what they
-- may still bring, to who runs a club what takes the room, to everybody what they brought, and with a report what it is of.

-- --- search ---------------------------------------------------------------------------------------------------

-- A word of the folded text that no folded text has, in capitals: here begins what is said of an image, or of a document. It
-- is in the index as its first letters are, so the entries of messages without files stay as they were made.
create function _mark_of(kind text) returns text
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select case kind when 'image' then 'I' else 'F' end $$;

-- What a message is found by: its text, the descriptions of its images, and the names of its documents. No word of one
-- stands right beside a word of another.
create function _findable(m messages) returns text
language plpgsql immutable security definer set search_path = clubroom, pg_temp as $$
declare said text := _said(m.text); i jsonb;
begin
  if m.images is null then return said; end if;
  said := rtrim(said);
  for i in select * from jsonb_array_elements(m.images) loop
    said := said || ' ' || _mark_of(i ->> 'kind') || rtrim(_said(concat_ws(' ', i ->> 'alt',
      case when i ->> 'kind' = 'document' then i ->> 'name' end)));
  end loop;
  return said || ' ';
end $$;

-- As in 0019, and with what is said of its files.
create or replace function _fill_room(g bigint, after bigint, head bigint, most int)
returns table(n bigint, upto bigint, newest bigint, newest_at timestamptz)
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare now_in int := (select max(id) from search_windows);
begin
  return query
  with found as materialized (
    select m as message, _window_of(m.sent_at) as win from messages m
    where m.group_id = g and m.seq > after and m.seq <= head order by m.seq limit most),
  wrote as (
    insert into message_search(message_id, group_id, seq, author, sent_at, in_window, has_link, said)
    select (f.message).id, g, (f.message).seq, (f.message).author, (f.message).sent_at, f.win,
      _has_link((f.message).text), _findable(f.message)
    from found f where (f.message).text is not null)
  select count(*), case when count(*) < most then head else max((f.message).seq) end,
    count(*) filter (where f.win = now_in), max((f.message).sent_at) filter (where f.win = now_in) from found f;
end $$;

create or replace function _search_follows() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare upto bigint;
begin
  select to_seq into upto from search_marks where group_id = old.group_id for update;
  if tg_op = 'DELETE' or new.text is null then
    delete from message_search where message_id = old.id;
  elsif old.seq <= upto then
    update message_search set said = _findable(new), has_link = _has_link(new.text), sent_at = new.sent_at,
      in_window = _window_of(new.sent_at) where message_id = old.id;
  end if;
  return null;
end $$;

-- What was said with images before is found by them, too.
update message_search s set said = _findable(m) from messages m
  where m.id = s.message_id and m.images is not null and m.deleted_at is null;

drop function search_messages(bigint, text[], text, bigint, bigint, timestamptz, timestamptz, boolean, timestamptz, uuid, int);

-- As in 0019, and for what a message has with it.
-- `words`, each as typed: null = whatever the filters let through. `by_sub`: whose; `club`, `room`: where; `has`: with each of `link`,
-- `image`, `file` that stands there.
-- The newest first, `n` at most, older than (`before_at`, `before_id`), where the last page ended; `cursor_at` is
-- where this one does, null = that was all. A page may hold fewer than `n` and yet go on: so much is looked through at once and no more.
create function search_messages(
  who bigint, words text[], by_sub text, club bigint, room bigint, after timestamptz, before timestamptz,
  has text[], before_at timestamptz, before_id uuid, n int, out page jsonb, out cursor_at timestamptz, out cursor_id uuid)
language plpgsql stable security definer set search_path = clubroom, pg_temp set enable_seqscan = off as $$
declare
  gs bigint[]; firsts bigint[]; opens timestamptz[];
  writer bigint := (select id from users where sub = by_sub);
  parts text[] := case when words is not null then
    array(select p from unnest(words) w cross join btrim(_said(w)) p where p <> '') end;
  likes text[];                              -- what a hit is held to in the end
  every tsquery; here tsquery;
  newest int; oldest int; low int; step int := 1; looked int := 0; looked_max int;
  hits record; ids uuid[] := '{}'; ats timestamptz[] := '{}';
begin
  if room is not null then perform _reading(who, room); end if;
  if club is not null then perform _reading(who, club); end if;
  select array_agg(r.group_id), array_agg(r.first_seq), array_agg(case when r.first_seq <= 1 then '-infinity'
      else coalesce((select m.sent_at from messages m where m.group_id = r.group_id and m.seq >= r.first_seq
        order by m.seq limit 1), 'infinity') end)
    into gs, firsts, opens
    from readers r join groups g on g.id = r.group_id
    where r.user_id = who and (room is null or g.id = room) and (club is null or club in (g.id, g.parent));
  page := '[]';
  if gs is null or parts = '{}' or by_sub is not null and writer is null then return; end if;
  select array_agg(case when _at_begin(p) then '% ' else '%' end || p || '%'),
         string_agg((select string_agg(quote_literal(t), '&') from unnest(_word_tokens(p)) t), '&')::tsquery,
         case when bool_or(_word_tokens(p) = '{}') then 16 end
    into likes, every, looked_max from unnest(parts) p;
  every := _and(every, ('A' || writer)::tsquery);
  every := _and(every, (select string_agg(quote_literal(case h when 'link' then 'L' else ' ' || _mark_of(h) end), '&')::tsquery
    from unnest(has) h));
  newest := coalesce(_window_of(least(before, before_at)), (select max(id) from search_windows));
  oldest := _window_of(greatest(after, (select min(o) from unnest(opens) o)));
  -- where no index may be asked (a host that gives one role: docs/host.md) all is looked through, once
  if current_user <> 'clubroom_writer' then step := newest - oldest + 1; end if;
  while newest >= oldest and cardinality(ids) <= n and looked < coalesce(looked_max, newest + looked + 1) loop
    low := greatest(newest - step + 1, oldest);
    here := _and(_and(every, _in_windows(low, newest)), _in_groups(gs, opens, newest));
    select array_agg(s.message_id) as ids, array_agg(s.sent_at) as ats into hits from (
      select s.message_id, s.sent_at from message_search s
      join unnest(gs, firsts) as r(g, first_seq) on r.g = s.group_id and s.seq >= r.first_seq
      where _search_tokens(s.said, s.group_id, s.author, s.in_window, s.has_link) @@ here
        and (likes is null or s.said like all(likes))
        and (writer is null or s.author = writer) and (after is null or s.sent_at >= after)
        and (before is null or s.sent_at < before)
        and (before_at is null or (s.sent_at, s.message_id) < (before_at, before_id))
      order by s.sent_at desc, s.message_id desc limit n + 1 - cardinality(ids)) s;
    ids := ids || hits.ids; ats := ats || hits.ats;
    looked := looked + newest - low + 1;
    step := case when cardinality(ids) = 0 then least(step * 4, 64)
      else least(greatest(looked * (n + 1 - cardinality(ids)) / cardinality(ids), 1), 64) end;
    newest := low - 1;
  end loop;
  if cardinality(ids) > n then
    cursor_at := ats[n]; cursor_id := ids[n];
  elsif newest >= oldest then
    select from_at, '00000000-0000-0000-0000-000000000000' into cursor_at, cursor_id from search_windows where id = low;
  end if;
  page := (select coalesce(jsonb_agg(_shown(m) order by m.sent_at desc, m.id desc), '[]') from messages m
    where m.id = any(ids[:n]) and m.deleted_at is null);
end $$;

-- --- what there is room for, and what takes it ------------------------------------------------------------------

-- What of their limits somebody has used, and of that of the club of this group, or, without one, of their own.
create function files_room(who bigint, g bigint, moment timestamptz) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare of_club bigint := _club_of(g); at_now timestamptz := coalesce(moment, clock_timestamp());
begin
  if g is not null then perform _reading(who, g); end if;
  return jsonb_build_object(
    'open', (select count(*) from files where owner = who and state in ('asked', 'uploaded')),
    'day_used', (select coalesce(sum(length), 0) from files where owner = who and asked_at > at_now - interval '1 day'),
    'of_club', of_club is not null,
    'used', case when of_club is null
      then (select coalesce(sum(_takes(f)), 0) from files f where f.owner = who and f.club is null)
      else (select coalesce(sum(_takes(f)), 0) from files f where f.club = of_club) end);
end $$;

-- How its message describes it.
create function _alt_of(f files) returns text
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select i ->> 'alt' from messages m cross join lateral jsonb_array_elements(m.images) i
  where m.id = f.message_id and i ->> 'id' = f.id::text $$;

-- What lies in the store of a club, for who runs it, with the `most` largest files. Of what they may not see they learn how
-- large it is and who brought it, not what it is nor where.
drop function files_usage(bigint, bigint);
create function files_usage(who bigint, of_club bigint, most int) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  perform _reading(who, of_club);
  if (select kind from groups where id = of_club) <> 'club' then perform _fail('not_found'); end if;
  if not (select manages from readers where user_id = who and group_id = of_club) then perform _fail('forbidden'); end if;
  return (select jsonb_build_object('used', coalesce(sum(_takes(f)), 0),
      'images', count(*) filter (where f.state = 'ready' and f.kind = 'image'),
      'images_bytes', coalesce(sum(_takes(f)) filter (where f.kind = 'image'), 0),
      'documents', count(*) filter (where f.state = 'ready' and f.kind = 'document'),
      'documents_bytes', coalesce(sum(_takes(f)) filter (where f.kind = 'document'), 0))
    from files f where f.club = of_club)
    || jsonb_build_object('largest', (select coalesce(jsonb_agg(_large_file(who, x.f) order by (x.f).stored desc, (x.f).id), '[]')
      from (select f from files f where f.club = of_club and f.state = 'ready' order by f.stored desc, f.id limit most) x));
end $$;

create function _large_file(who bigint, f files) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_strip_nulls(jsonb_build_object('id', f.id, 'kind', f.kind, 'purpose', f.purpose, 'bytes', f.stored,
    'at', _rfc3339(f.ready_at), 'user', _sub(f.owner), 'by_name', (select name from users where id = f.owner))
    || case when _may_see(who, f) then jsonb_build_object('name', nullif(f.name, ''), 'alt', _alt_of(f),
      'placeholder', f.placeholder, 'message', f.message_id, 'group', (select r.group_id from readers r
      where r.user_id = who and r.group_id = f.group_id)) else '{}' end) $$;

-- --- one's own data -------------------------------------------------------------------------------------------

-- What somebody brought and what is there still, after one of their files, in the order of the ids.
create function my_files(who bigint, after uuid, n int) returns setof jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_strip_nulls(jsonb_build_object('id', f.id, 'kind', f.kind, 'purpose', f.purpose, 'type',
    case f.kind when 'image' then 'image/webp' else f.type end, 'name', nullif(f.name, ''), 'alt', _alt_of(f),
    'width', f.width, 'height', f.height, 'bytes', f.stored, 'brought_at', _rfc3339(f.asked_at), 'group', f.group_id,
    'message', f.message_id, 'sizes', f.sizes))
  from files f where f.owner = who and f.state = 'ready' and f.purpose <> 'preview' and (after is null or f.id > after) order by f.id limit n $$;

-- --- reports --------------------------------------------------------------------------------------------------

-- Beside the copy of the text: what was said of the images, without anything that shows them. They are seen as long as
-- they exist, by who may see the report; deleted with the message they are gone at once.
alter table reports add column said_images jsonb;
create index reports_of_message on reports(message_id) where message_id is not null;

create function _without_pictures(images jsonb) returns jsonb
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_agg(i - 'placeholder' order by n) from jsonb_array_elements(images) with ordinality as x(i, n) $$;

update reports r set said_images = _without_pictures(m.images) from messages m
  where m.id = r.message_id and m.images is not null and m.deleted_at is null;

-- As in 0018, with what is said of its images.
create or replace function _report(
  who bigint, club bigint, target bigint, why text, m messages, own_max int, club_max int)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare report bigint; shown messages;
begin
  perform _lock(array[_self_group(who), club, _admins_of(club)]);
  if (select kind from groups where id = club) is distinct from 'club' or _role(who, club) is null then
    perform _fail('not_found');
  end if;
  if not exists (select 1 from memberships where group_id = club and user_id = target
      and (to_seq is null or m.id is not null and _club_of(m.group_id) is not null)) then
    perform _fail('not_found');
  end if;
  if target = who then perform _fail('forbidden'); end if;
  if exists (select 1 from reports where group_id = club and reporter = who and about_user = target
      and message_id is not distinct from m.id) then
    return row(null, null)::outcome;
  end if;
  if (select count(*) from reports where reporter = who) >= own_max
    or (select count(*) from reports where group_id = club) >= club_max then
    perform _fail('full');
  end if;
  -- read anew: what was deleted meanwhile is kept by nobody
  select * into shown from messages where id = m.id for share;
  if m.id is not null and shown.deleted_at is not null then perform _fail('not_found'); end if;
  insert into reports(group_id, reporter, about_user, message_id, said_in, said, said_at, reason, said_images)
    values (club, who, target, shown.id, shown.group_id, shown.text, shown.sent_at, why, _without_pictures(shown.images))
    returning id into report;
  return row(null, array[_append(_admins_of(club), null,
    json_build_object('type', 'reported', 'report', report))])::outcome;
end $$;

create or replace function club_reports(who bigint, club bigint, most int) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  perform _may_run(who, club);
  return jsonb_build_object(
    'n', (select count(*) from reports where group_id = club and about_user <> who),
    'reports', coalesce((select jsonb_agg(jsonb_build_object('report', r.id, 'user', _sub(r.about_user),
        'name', (select name from users where id = r.about_user), 'by', _sub(r.reporter),
        'by_name', (select name from users where id = r.reporter), 'reason', r.reason, 'at', _rfc3339(r.at),
        'message', r.message_id, 'text', r.said, 'sent_at', _rfc3339(r.said_at), 'images', r.said_images,
        'deleted', r.message_id is not null and exists (
          select 1 from messages x where x.id = r.message_id and x.deleted_at is not null),
        -- a private room that they are not in is not named
        'group', (select d.group_id from readers d where d.group_id = r.said_in and d.user_id = who),
        'member', _role(r.about_user, club) is not null) order by r.id)
      from (select * from reports where group_id = club and about_user <> who order by id limit most) r), '[]'));
end $$;

-- What a message names is seen by whoever reads the message, and, while it is reported, by those who run the club that it
-- is reported to, but for whom it is about; what else is used by who reads the group; what nobody uses by its owner alone.
create or replace function _may_see(who bigint, f files) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select case
    when f.state <> 'ready' then false
    when f.message_id is not null then exists (select 1 from messages m where m.id = f.message_id and _may_read(who, m))
      or exists (select 1 from reports r where r.message_id = f.message_id and r.about_user <> who
        and _role(who, r.group_id) in ('owner', 'admin'))
    when f.used_at is null then f.owner = who and (f.group_id is null
      or exists (select 1 from readers r where r.user_id = who and r.group_id = f.group_id))
    when f.group_id is not null then exists (select 1 from readers r where r.user_id = who and r.group_id = f.group_id)
    else f.owner = who or exists (select 1 from readers a join readers b on b.group_id = a.group_id
      where a.user_id = who and b.user_id = f.owner) end $$;
