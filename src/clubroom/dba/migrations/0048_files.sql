-- Images and documents: what is asked for, what lies in the store beside the database, and who may see it. Decision 0042.
-- The bytes are never here. `q/<id>` is what somebody wrote and nobody has looked at, `f/<id>/<size>` what may be seen.

create table files(
  id uuid primary key,                       -- named by the client (L8)
  owner bigint not null references users,
  group_id bigint references groups,         -- whose readers may see it; null = of an avatar: who shares a group with `owner`
  club bigint references groups,             -- whose room in the store it takes; null = its owner's
  purpose text not null check (purpose in ('message', 'avatar', 'picture', 'cover', 'emote')),
  kind text not null check (kind in ('image', 'document')),
  type text not null,                        -- as its owner says; the check has found it to be so if it is `ready`
  name text not null check (length(name) <= 120),
  length bigint not null check (length > 0), -- as its owner says; the store refuses another
  state text not null default 'asked' check (state in ('asked', 'uploaded', 'ready', 'refused', 'gone')),
  asked_at timestamptz not null,
  due_at timestamptz,                        -- `uploaded`: looked at from then on; `gone`: deleted from the store from then on
  tries int not null default 0,
  refused text,                              -- why
  ready_at timestamptz,
  sizes text[] not null default '{}',        -- what there is of it: f/<id>/<size>
  stored bigint not null default 0,          -- bytes of all these
  width int,
  height int,
  placeholder text,                          -- a tiny image, WebP in base64
  used_at timestamptz,                       -- something shows it; null = goes a day after it was ready
  message_id uuid,                           -- which message
  check ((group_id is null) = (purpose = 'avatar')));
create index files_of_owner on files(owner, asked_at);
create index files_of_group on files(group_id);
create index files_of_club on files(club) include (state, stored, length);
create index files_of_message on files(message_id) where message_id is not null;
create index files_due on files(state, due_at) where due_at is not null;
create index files_unused on files(asked_at) where used_at is null and state <> 'gone';

alter table messages add images jsonb;       -- as actions.MessageImage, in order; null = none

-- Whether `who` may bring a file for this purpose. No lock: whoever is removed in this moment gets a ticket for a place
-- that nobody reads, and whether they may post what they put there is judged anew, under the lock (L10).
create function _may_bring(who bigint, g bigint, as_purpose text) returns void
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare reader readers; gr groups;
begin
  if g is null then
    if as_purpose <> 'avatar' then perform _fail('invalid_field'); end if;
    return;
  end if;
  perform _reading(who, g);
  select * into reader from readers where user_id = who and group_id = g;
  select * into gr from groups where id = g;
  case
    when as_purpose = 'avatar' then perform _fail('invalid_field');
    when as_purpose in ('picture', 'emote') and gr.kind <> 'club' then perform _fail('invalid_field');
    when gr.suspended_at is not null then perform _fail('forbidden');
    when as_purpose in ('picture', 'emote') and not reader.manages then perform _fail('forbidden');
    when as_purpose = 'cover' and not (reader.manages or reader.may_post) then perform _fail('forbidden');
    when as_purpose = 'message' and not reader.may_post then perform _fail('forbidden');
    else null;
  end case;
end $$;

-- What its owner is told of it.
create function _file_json(f files) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_strip_nulls(jsonb_build_object('id', f.id, 'state', f.state, 'group', f.group_id, 'purpose', f.purpose,
    'kind', f.kind, 'type', f.type, 'name', f.name, 'length', f.length, 'refused', f.refused, 'width', f.width,
    'height', f.height, 'placeholder', f.placeholder)) $$;

-- What counts against a limit: what lies there, and what is on its way. Neither `security definer` nor a path of its own:
-- so it becomes a part of the query that adds up.
create function _takes(f files) returns bigint
language sql immutable as $$
  select case f.state when 'ready' then f.stored when 'asked' then f.length when 'uploaded' then f.length else 0 end $$;

-- The first limit that one more file would pass: {refused, limit, used}; null = none. Whoever asks holds the locks.
create function _over(who bigint, of_club bigint, as_length bigint, open_max int, day_max bigint, own_max bigint,
  club_max bigint, moment timestamptz) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare used bigint;
begin
  select count(*) into used from files where owner = who and state in ('asked', 'uploaded');
  if used >= open_max then return jsonb_build_object('refused', 'uploads_open', 'limit', open_max, 'used', used); end if;
  select coalesce(sum(length), 0) into used from files where owner = who and asked_at > moment - interval '1 day';
  if used + as_length > day_max then return jsonb_build_object('refused', 'day_full', 'limit', day_max, 'used', used); end if;
  if of_club is null then
    select coalesce(sum(_takes(f)), 0) into used from files f where owner = who and club is null;
    if used + as_length > own_max then
      return jsonb_build_object('refused', 'space_full', 'limit', own_max, 'used', used);
    end if;
  else
    select coalesce(sum(_takes(f)), 0) into used from files f where club = of_club;
    if used + as_length > club_max then
      return jsonb_build_object('refused', 'space_full', 'limit', club_max, 'used', used);
    end if;
  end if;
  return null;
end $$;

-- The same again asks for another ticket. The result is the file, or which limit it would pass. Raises not_found,
-- forbidden, invalid_field, id_conflict.
create function ask_file(who bigint, file uuid, g bigint, as_purpose text, as_kind text, as_type text, as_name text,
  as_length bigint, open_max int, day_max bigint, own_max bigint, club_max bigint, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare f files; at_now timestamptz := coalesce(moment, clock_timestamp()); of_club bigint := _club_of(g); over_it jsonb;
begin
  perform pg_advisory_xact_lock(hashtextextended('clubroom.files of ' || who, 0));
  if of_club is not null then
    perform pg_advisory_xact_lock(hashtextextended('clubroom.files in ' || of_club, 0));
  end if;
  perform _may_bring(who, g, as_purpose);
  select * into f from files where id = file for update;
  if f.id is not null then
    if (f.owner, f.purpose, f.type, f.length) is distinct from (who, as_purpose, as_type, as_length)
        or f.group_id is distinct from g or f.state = 'gone' then
      perform _fail('id_conflict');
    end if;
    if f.state = 'asked' then
      update files set asked_at = at_now where id = file returning * into f;
    end if;
    return row(_file_json(f), null)::outcome;
  end if;
  over_it := _over(who, of_club, as_length, open_max, day_max, own_max, club_max, at_now);
  if over_it is not null then return row(over_it, null)::outcome; end if;
  insert into files(id, owner, group_id, club, purpose, kind, type, name, length, asked_at)
    values (file, who, g, of_club, as_purpose, as_kind, as_type, as_name, as_length, at_now) returning * into f;
  return row(_file_json(f), null)::outcome;
end $$;

-- For its owner. Raises not_found.
create function file_of(who bigint, file uuid) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare f files;
begin
  select * into f from files where id = file and owner = who and state <> 'gone';
  if f.id is null then perform _fail('not_found'); end if;
  return _file_json(f);
end $$;

-- Its bytes are there, says its owner, and the store says so, too. As often as one likes.
create function file_uploaded(who bigint, file uuid, moment timestamptz) returns jsonb
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare f files;
begin
  select * into f from files where id = file and owner = who and state <> 'gone' for update;
  if f.id is null then perform _fail('not_found'); end if;
  if f.state = 'asked' then
    perform _may_bring(who, f.group_id, f.purpose);
    update files set state = 'uploaded', due_at = coalesce(moment, clock_timestamp()) where id = file returning * into f;
  end if;
  return _file_json(f);
end $$;

-- --- the check ------------------------------------------------------------------------------------------------

-- One that waits to be looked at, for `lease_seconds`. Whoever is killed while looking leaves it to the next; what was
-- taken `tries_max` times is refused: it may be what kills them.
create function take_file(lease_seconds int, tries_max int, moment timestamptz) returns jsonb
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare f files; at_now timestamptz := coalesce(moment, clock_timestamp());
begin
  update files set state = 'refused', refused = 'failed', due_at = null where id in (
    select id from files where state = 'uploaded' and due_at <= at_now and tries >= tries_max
      order by due_at limit 10 for update skip locked);
  select * into f from files where state = 'uploaded' and due_at <= at_now order by due_at limit 1 for update skip locked;
  if f.id is null then return null; end if;
  update files set tries = tries + 1, due_at = at_now + make_interval(secs => lease_seconds)
    where id = f.id returning * into f;
  return _file_json(f) || jsonb_build_object('tries', f.tries);
end $$;

-- It could not be looked at now. `counted` = it may be its own fault.
create function postpone_file(file uuid, seconds float, counted boolean, moment timestamptz) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  update files set due_at = coalesce(moment, clock_timestamp()) + make_interval(secs => seconds),
    tries = case when counted then tries else greatest(tries - 1, 0) end
  where id = file and state = 'uploaded' $$;

-- What is told to others lies in the store; false = it is wanted no more.
create function file_ready(file uuid, its_sizes text[], bytes bigint, its_width int, its_height int, its_placeholder text,
  moment timestamptz) returns boolean
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  update files set state = 'ready', ready_at = coalesce(moment, clock_timestamp()), due_at = null, sizes = its_sizes,
    stored = bytes, width = its_width, height = its_height, placeholder = its_placeholder
    where id = file and state = 'uploaded';
  return found or exists (select 1 from files where id = file and state = 'ready');
end $$;

create function refuse_file(file uuid, why text) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  update files set state = 'refused', refused = why, due_at = null where id = file and state in ('asked', 'uploaded') $$;

-- --- who may see it -------------------------------------------------------------------------------------------

-- What a message names is seen by whoever reads the message; what else is used by who reads the group; what nobody uses
-- by its owner alone.
create function _may_see(who bigint, f files) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select case
    when f.state <> 'ready' then false
    when f.message_id is not null then exists (select 1 from messages m where m.id = f.message_id and _may_read(who, m))
    when f.used_at is null then f.owner = who and (f.group_id is null
      or exists (select 1 from readers r where r.user_id = who and r.group_id = f.group_id))
    when f.group_id is not null then exists (select 1 from readers r where r.user_id = who and r.group_id = f.group_id)
    else f.owner = who or exists (select 1 from readers a join readers b on b.group_id = a.group_id
      where a.user_id = who and b.user_id = f.owner) end $$;

-- Of these, the ones that `who` may see.
create function files_seen(who bigint, ids uuid[])
returns table(id uuid, kind text, name text, sizes text[])
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select f.id, f.kind, f.name, f.sizes from files f where f.id = any(ids) and _may_see(who, f) $$;

-- What lies in the store of a club, for who runs it.
create function files_usage(who bigint, of_club bigint) returns jsonb
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
    from files f where f.club = of_club);
end $$;

-- --- what goes ------------------------------------------------------------------------------------------------

-- From here on nobody sees it. Its row stays until the store has been cleared of it, see `files_cleared`.
create function _go(f files, moment timestamptz) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  update files set state = 'gone', due_at = moment, name = '', placeholder = null, refused = null, message_id = null
    where id = f.id and state <> 'gone' $$;

-- By its owner, as long as nothing shows it. Raises not_found, forbidden.
create function drop_file(who bigint, file uuid, moment timestamptz) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare f files;
begin
  select * into f from files where id = file and owner = who and state <> 'gone' for update;
  if f.id is null then perform _fail('not_found'); end if;
  if f.used_at is not null then perform _fail('forbidden'); end if;
  perform _go(f, coalesce(moment, clock_timestamp()));
end $$;

-- Up to `n` whose bytes are to be deleted from the store, for `lease_seconds`. What nobody uses goes first: tickets that
-- are an hour old, and what was ready, or refused, a day ago.
create function take_gone_files(n int, lease_seconds int, moment timestamptz) returns setof uuid
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp());
begin
  perform _go(x.f, at_now) from (
    select f from files f where used_at is null and state <> 'gone' and asked_at < at_now - interval '1 hour'
      and case state when 'asked' then true when 'ready' then ready_at < at_now - interval '1 day'
        when 'refused' then asked_at < at_now - interval '1 day' else false end
      order by asked_at limit n for update of f skip locked) x;
  return query update files set due_at = at_now + make_interval(secs => lease_seconds) where id in (
    select id from files where state = 'gone' and due_at <= at_now order by due_at limit n for update skip locked)
    returning id;
end $$;

-- The store is clear of these. Whoever was killed while looking at one, or holds a ticket still, may write once more: so
-- it is cleared again before its row goes, a day after it was asked for. Until then it counts to the bytes of that day.
create function files_cleared(ids uuid[], moment timestamptz) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp());
begin
  delete from files where id = any(ids) and state = 'gone' and asked_at < at_now - interval '1 day';
  update files set due_at = asked_at + interval '25 hours' where id = any(ids) and state = 'gone';
end $$;

-- How these stand, for whoever sweeps the store: what has no row is not among them.
create function file_states(ids uuid[]) returns table(id uuid, state text)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select f.id, f.state from files f where f.id = any(ids) $$;

-- With the message, whoever deletes it and for whatever reason, …
create function _images_go() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  perform _go(f, clock_timestamp()) from files f where f.message_id = old.id;
  return null;
end $$;
create trigger images_go after update of deleted_at on messages
  for each row when (old.images is not null and new.deleted_at is not null) execute function _images_go();
create trigger images_trimmed after delete on messages
  for each row when (old.images is not null) execute function _images_go();

create function _without_images() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  new.images := null;
  return new;
end $$;
create trigger without_images before update of deleted_at on messages
  for each row when (old.images is not null and new.deleted_at is not null) execute function _without_images();

-- … with the group, …
create function _files_end() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  perform _go(f, clock_timestamp()) from files f where f.group_id = new.id;
  return null;
end $$;
create trigger files_end after update of erased_at on groups
  for each row when (new.erased_at is not null and old.erased_at is null) execute function _files_end();

-- … and with its owner, but for what was said where others read it.
create function _files_of_the_gone() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  perform _go(f, clock_timestamp()) from files f where f.owner = new.id and (f.purpose = 'avatar' or f.used_at is null);
  return null;
end $$;
create trigger files_of_the_gone after update of gone_at on users
  for each row when (new.gone_at is not null and old.gone_at is null) execute function _files_of_the_gone();
