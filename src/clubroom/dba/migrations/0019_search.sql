-- Search: what was said, folded, in a table of its own that no post waits for (docs/decisions/0022-search-in-windows.md).
-- fill_search follows each log; whoever changes or erases the text of a message changes or erases its entry in the
-- same transaction, by the triggers below.

-- All messages of the place, cut into spans of time with some thousands of messages each, the oldest first. The
-- newest window is looked through first, then more and more at once: no word is so frequent that all is sorted.
create table search_windows(
  id int primary key,
  from_at timestamptz not null unique,       -- up to the next one's
  last_at timestamptz not null default '-infinity',
  n int not null default 0);                 -- entries that were made while it was the newest
insert into search_windows(id, from_at) values (0, '-infinity');

-- How far each log has been read for it.
create table search_marks(
  group_id bigint primary key references groups,
  to_seq bigint not null default 0) with (fillfactor = 50);

create table message_search(
  message_id uuid primary key,
  group_id bigint not null,
  seq bigint not null,
  author bigint not null,
  sent_at timestamptz not null,
  in_window int not null,
  has_link boolean not null,
  said text not null);                       -- folded, between two spaces

-- --- words ----------------------------------------------------------------------------------------------------

-- As it is compared: small letters and digits without accents, in one form of Unicode, one space between words, for
-- signs, too, and around what is wide; nobody's id.
create function _said(t text) returns text
language plpgsql immutable security definer set search_path = clubroom, pg_temp as $$
begin
  if strpos(t, '<@') > 0 then t := regexp_replace(t, '<@[^<>]{1,255}>', ' ', 'g'); end if;
  if octet_length(t) > length(t) then
    t := regexp_replace(normalize(t, nfkd), '[\u0300-\u036f\u0591-\u05c7\u064b-\u0655\u0670\ufe0e\ufe0f]', '', 'g');
    t := translate(lower(normalize(t, nfc)), 'øđðłħıς', 'oddlhiσ');
    t := replace(replace(replace(replace(t, 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th');
    t := regexp_replace(t, '[¡§«»¿·\u2010-\u205f、。〈-】〔-〟・]+', ' ', 'g');
    if _is_wide(t) then t := regexp_replace(t, _wide() || '+', ' \& ', 'g'); end if;
  end if;
  return ' ' || btrim(regexp_replace(lower(t), '[\s!-/:-@[-`{-~]+', ' ', 'g')) || ' ';
end $$;

-- Scripts that set no spaces between words, and emoji: of these, one and two in a row are found, too.
create function _wide() returns text
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select '[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2190-\u2bff\u2e80-\U0010ffff]' $$;

create function _is_wide(t text) returns boolean
language plpgsql immutable security definer set search_path = clubroom, pg_temp as $$
begin
  return t ~ _wide();
end $$;

-- What the index holds of a message: of each word three letters in a row, and its first two behind a space; one and
-- two in a row of what is wide; and, in capitals, which no folded text has, what one filters by.
create function _search_tokens(said text, group_id bigint, author bigint, in_window int, has_link boolean)
returns tsvector language plpgsql immutable security definer set search_path = clubroom, pg_temp as $$
declare tokens text[] := array['G' || group_id, 'A' || author, 'W' || in_window]; word text; wide boolean;
begin
  if has_link then tokens := tokens || 'L'::text; end if;
  wide := octet_length(said) > length(said) and _is_wide(said);
  foreach word in array string_to_array(btrim(said), ' ') loop
    tokens := tokens || (' ' || left(word, 2));
    for i in 1 .. length(word) - 2 loop
      tokens := tokens || substr(word, i, 3);
    end loop;
    if wide and _is_wide(word) then tokens := tokens || _wide_tokens(word); end if;
  end loop;
  return array_to_tsvector(tokens);
end $$;

create function _wide_tokens(word text) returns text[]
language plpgsql immutable security definer set search_path = clubroom, pg_temp as $$
begin
  return array(select few from generate_series(1, length(word)) i cross join generate_series(1, 2) n
    cross join lateral (select substr(word, i, n)) x(few) where length(few) = n and _is_wide(few));
end $$;

create index message_search_tokens on message_search
  using gin (_search_tokens(said, group_id, author, in_window, has_link)) with (gin_pending_list_limit = 512);

-- What of one word that is searched for stands in the index; maybe nothing.
create function _word_tokens(word text) returns text[]
language plpgsql immutable security definer set search_path = clubroom, pg_temp as $$
begin
  if length(word) >= 3 then
    return array(select distinct substr(one, i, 3)
      from unnest(string_to_array(word, ' ')) one cross join generate_series(1, length(one) - 2) i);
  end if;
  if _is_wide(word) then return array[word]; end if;
  return case when length(word) = 2 then array[' ' || word] else '{}' end;
end $$;

-- --- filling --------------------------------------------------------------------------------------------------

create function _window_of(at timestamptz) returns int
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select id from search_windows where from_at <= at order by from_at desc limit 1 $$;

-- From the beginning: no entries, and windows over what has been said so far. The rest is filling.
create function _search_afresh(window_size int) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtext('clubroom.fill_search'));
  update search_marks set to_seq = 0;
  delete from message_search;
  delete from search_windows where id > 0;
  update search_windows set n = 0, last_at = '-infinity';
  insert into search_windows(id, from_at)
    select row_number() over (order by sent_at), sent_at from (
      select distinct sent_at from (
        select sent_at, row_number() over (order by sent_at) as n from messages) m where m.n % window_size = 0) edges;
end $$;

-- Whatever was said since the last time, `most` messages at once. Answers `more` if there is more, `done`, or `idle`
-- where there was nothing to do. Only one server does it at a time. A mark is locked before the messages behind it
-- are read, and a statement of its own reads them: so a deletion has either erased them by then, or waits and erases
-- what is written here. Posts wait for nothing.
create function fill_search(most int, window_size int) returns text
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare room record; got record; to_do int := most; state text := 'idle';
begin
  if not pg_try_advisory_xact_lock(hashtext('clubroom.fill_search')) then return state; end if;
  for room in
    select m.group_id, m.to_seq, g.head from search_marks m join groups g on g.id = m.group_id
    where g.head > m.to_seq order by g.head - m.to_seq limit most for update of m skip locked
  loop
    if to_do <= 0 then return 'more'; end if;
    select * into got from _fill_room(room.group_id, room.to_seq, room.head, to_do);
    update search_marks set to_seq = got.upto where group_id = room.group_id;
    perform _count_in_window(got.newest, got.newest_at, window_size);
    to_do := to_do - got.n;
    state := case when got.upto < room.head then 'more' else 'done' end;
  end loop;
  return state;
end $$;

-- `upto`: how far the log has been read by now; `newest` of the `n` went into the newest window, up to `newest_at`.
create function _fill_room(g bigint, after bigint, head bigint, most int)
returns table(n bigint, upto bigint, newest bigint, newest_at timestamptz)
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare now_in int := (select max(id) from search_windows);
begin
  return query
  with found as materialized (
    select m.*, _window_of(m.sent_at) as win from messages m
    where m.group_id = g and m.seq > after and m.seq <= head order by m.seq limit most),
  wrote as (
    insert into message_search(message_id, group_id, seq, author, sent_at, in_window, has_link, said)
    select f.id, f.group_id, f.seq, f.author, f.sent_at, f.win, _has_link(f.text), _said(f.text)
    from found f where f.text is not null)
  select count(*), case when count(*) < most then head else max(f.seq) end,
    count(*) filter (where f.win = now_in), max(f.sent_at) filter (where f.win = now_in) from found f;
end $$;

create function _has_link(t text) returns boolean
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select t ~* 'https?://[^\s/]' $$;

-- Once the newest window is full, the next one begins after the newest of its messages.
create function _count_in_window(more bigint, newest_at timestamptz, window_size int) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare full_one search_windows;
begin
  if more = 0 then return; end if;
  update search_windows w set n = w.n + more, last_at = greatest(w.last_at, newest_at)
    where w.id = (select max(id) from search_windows) returning * into full_one;
  if full_one.n >= window_size then
    insert into search_windows(id, from_at) values (full_one.id + 1, full_one.last_at + interval '1 microsecond');
  end if;
end $$;

create function _marked_for_search() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  insert into search_marks(group_id) values (new.id);
  return null;
end $$;
create trigger marked_for_search after insert on groups for each row execute function _marked_for_search();
insert into search_marks(group_id) select id from groups;

-- A text that is changed or erased is so here, too, whoever does it. With the mark locked nothing of it is being
-- filled in; what stands behind the mark will be.
create function _search_follows() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare upto bigint;
begin
  select to_seq into upto from search_marks where group_id = old.group_id for update;
  if tg_op = 'DELETE' or new.text is null then
    delete from message_search where message_id = old.id;
  elsif old.seq <= upto then
    update message_search set said = _said(new.text), has_link = _has_link(new.text), sent_at = new.sent_at,
      in_window = _window_of(new.sent_at) where message_id = old.id;
  end if;
  return null;
end $$;
create trigger search_follows_text after update of text, sent_at on messages
  for each row when (old.text is distinct from new.text or old.sent_at <> new.sent_at)
  execute function _search_follows();
create trigger search_follows_end after delete on messages for each row execute function _search_follows();

select _search_afresh(4096);

-- --- asking ---------------------------------------------------------------------------------------------------

-- `words`, each as typed: null = whatever the filters let through. `by_sub`: whose; `club`, `room`: where; `has_link`: with one.
-- The newest first, `n` at most, older than (`before_at`, `before_id`), where the last page ended; `cursor_at` is
-- where this one does, null = that was all. A page may hold fewer than `n` and yet go on: so much is looked through at once and no more.
create function search_messages(
  who bigint, words text[], by_sub text, club bigint, room bigint, after timestamptz, before timestamptz,
  with_link boolean, before_at timestamptz, before_id uuid, n int, out page jsonb, out cursor_at timestamptz, out cursor_id uuid)
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
  every := _and(every, case when with_link then 'L'::tsquery end);
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

create function _and(one tsquery, other tsquery) returns tsquery
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select coalesce(one && other, one, other) $$;

-- One letter, or two, stand at the beginning of a word; else they would be everywhere.
create function _at_begin(word text) returns boolean
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select length(word) <= 2 and not _is_wide(word) $$;

create function _in_windows(low int, high int) returns tsquery
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select string_agg('W' || w, '|')::tsquery from generate_series(low, high) w $$;

-- Those that were open by then; among too many the index is not asked for them.
create function _in_groups(gs bigint[], opens timestamptz[], newest int) returns tsquery
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select case when count(*) <= 100 then coalesce(string_agg('G' || r.g, '|'), 'none')::tsquery end
  from unnest(gs, opens) as r(g, opens_at)
  where r.opens_at < coalesce((select from_at from search_windows where id = newest + 1), 'infinity') $$;

-- The first message of a group at a moment or after it, else the last one: the time of messages rises with their
-- seqs, so no index is needed.
create function seq_at(who bigint, g bigint, moment timestamptz) returns bigint
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare low bigint := _reading(who, g); high bigint; middle bigint; met record;
begin
  high := (select max(m.seq) from messages m where m.group_id = g);
  while low < high loop
    middle := (low + high) / 2;
    select m.seq, m.sent_at into met from messages m where m.group_id = g and m.seq >= middle order by m.seq limit 1;
    if met.sent_at >= moment then high := middle; else low := met.seq + 1; end if;
  end loop;
  return coalesce((select m.seq from messages m where m.group_id = g and m.seq >= low order by m.seq limit 1), high, 0);
end $$;
