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
