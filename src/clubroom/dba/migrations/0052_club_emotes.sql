-- A club's own emotes: a name for a picture that is ready. The name is what texts and reactions hold, so a message stays
-- readable when its emote is gone. Decision 0045.

create table club_emotes(
  file_id uuid primary key references files, -- its picture, and by that it is known
  group_id bigint not null references groups,
  name text not null check (name ~ '^[a-z0-9_]{2,32}$'),
  made_by bigint not null references users,
  made_at timestamptz not null,
  unique (group_id, name));

-- A picture of the club under a name, or another name for it. The picture is judged as it is now: brought by `who` for
-- this, for this club, ready, and shown nowhere. Raises not_found, forbidden, name_taken, full, invalid_field.
create function define_club_emote(who bigint, club bigint, file uuid, emote_name text, emotes_max int)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare before club_emotes; f files;
begin
  perform _lock(array[club]);
  perform _must_run(who, club);
  select * into before from club_emotes where file_id = file and group_id = club;
  if before.name = emote_name then return row(null, null)::outcome; end if;
  if exists (select 1 from club_emotes where group_id = club and name = emote_name) then perform _fail('name_taken'); end if;
  if before.file_id is null then
    if (select count(*) from club_emotes where group_id = club) >= emotes_max then perform _fail('full'); end if;
    select * into f from files x where x.id = file and x.owner = who and x.group_id = define_club_emote.club
      and x.purpose = 'emote' and x.state = 'ready' and x.used_at is null for no key update;
    if f.id is null then perform _fail('invalid_field', 'This is no picture to make one of.'); end if;
    insert into club_emotes(file_id, group_id, name, made_by, made_at)
      values (file, club, emote_name, who, clock_timestamp());
    update files set used_at = clock_timestamp() where id = file;
  else
    update club_emotes set name = emote_name where file_id = file;
  end if;
  perform _audit(club, who, case when before.file_id is null then 'emote_made' else 'emote_renamed' end,
    details => jsonb_strip_nulls(jsonb_build_object('name', emote_name, 'was', before.name)));
  return row(null, array[_append(club, null, json_build_object('type', 'club_emote_defined', 'file', file,
    'name', emote_name, 'by', _sub(who)))])::outcome;
end $$;

-- Texts and reactions keep its name; the picture goes, from the store too. Raises not_found, forbidden.
create function remove_club_emote(who bigint, club bigint, file uuid)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare gone club_emotes;
begin
  perform _lock(array[club]);
  perform _must_run(who, club);
  delete from club_emotes where file_id = file and group_id = club returning * into gone;
  if gone.file_id is null then perform _fail('not_found'); end if;
  perform _go(f, clock_timestamp()) from files f where f.id = file;
  perform _audit(club, who, 'emote_removed', details => jsonb_build_object('name', gone.name));
  return row(null, array[_append(club, null, json_build_object('type', 'club_emote_removed', 'file', file,
    'by', _sub(who)))])::outcome;
end $$;

-- As in 0009; `:name:` is an emote that the club of the message has, and is not taken away before this is written.
create or replace function add_emote(who bigint, message uuid, new_emote text, kinds_max int, emotes_max int)
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
  if starts_with(new_emote, ':') then
    perform 1 from club_emotes where group_id = _club_of(m.group_id) and name = trim(':' from new_emote) for share;
    if not found then perform _fail('invalid_field', 'The club has no such emote.'); end if;
  end if;
  if (select count(*) >= emotes_max or count(distinct emote) filter (where emote <> new_emote) >= kinds_max
      from emotes where message_id = m.id) then
    perform _fail('full');
  end if;
  insert into emotes(message_id, emote, user_id) values (m.id, new_emote, who);
  return row(null, array[_append(m.group_id, m.id, json_build_object(
    'type', 'emote_added', 'id', m.id, 'emote', new_emote, 'user', _sub(who)))])::outcome;
end $$;

-- As in 0038, and with the emotes of a club.
create or replace function snapshot(who bigint, g bigint, since bigint, n int) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select _snapshot(who, g, since, n) || jsonb_build_object('event', _event_json(g), 'club_emotes', (
    select coalesce(jsonb_agg(jsonb_build_object('file', e.file_id, 'name', e.name) order by e.name collate "C"), '[]')
    from club_emotes e where e.group_id = g)) $$;

-- With the club; their pictures go as all its files do.
create function _club_emotes_end() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  delete from club_emotes where group_id = new.id;
  return null;
end $$;
create trigger club_emotes_end after update of erased_at on groups
  for each row when (new.erased_at is not null and old.erased_at is null) execute function _club_emotes_end();
