-- Drafts of events: what was typed into the form and is no event yet. A draft belongs to the club or room that it is
-- for, and whoever may make events there sees it, goes on with it, and makes an event of it. It stands in no log: the
-- others do not learn of it. Decision 0041.

create table event_drafts(
  key uuid primary key,                      -- of the event that it becomes, named by the client (L8)
  group_id bigint not null references groups,
  by_user bigint not null references users,
  says jsonb not null check (octet_length(says::text) <= 20000),  -- DraftSays in wire/drafts.py
  version int not null default 1,
  updated_at timestamptz not null default clock_timestamp(),
  updated_by bigint not null references users);
create index event_drafts_of on event_drafts(group_id);
create index event_drafts_untouched on event_drafts(updated_at);

create function _may_draft(who bigint, g bigint) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select coalesce((select _may_make_events(who, gr) from groups gr where gr.id = g), false) $$;

create function _draft_json(d event_drafts) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object('event', d.key, 'group', d.group_id, 'name', left(d.says ->> 'name', 60), 'by', _sub(d.by_user),
    'version', d.version, 'updated_at', _rfc3339(d.updated_at), 'updated_by', _sub(d.updated_by)) $$;

-- The draft by its id, with these groups locked beside its own, for whoever may make events there; else null. One that
-- was moved while it was waited for is another by now.
create function _draft_locked(who bigint, draft_key uuid, more bigint[] default '{}') returns event_drafts
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at bigint := (select group_id from event_drafts where key = draft_key); d event_drafts;
begin
  perform _lock(array_remove(more || array[at, _club_of(at)], null));
  select * into d from event_drafts where key = draft_key;
  if d.key is not null and not _may_draft(who, d.group_id) then return null; end if;
  if d.group_id is distinct from at and d.key is not null then perform _fail('draft_changed'); end if;
  return d;
end $$;

-- What was typed so far; `based_on` = the version that it goes on from, 0 = there was none. What somebody else has
-- changed meanwhile stays as it is; the same words once more are no change.
create function put_event_draft(who bigint, for_group bigint, draft_key uuid, based_on int, draft_says jsonb, drafts_max int)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare d event_drafts := _draft_locked(who, draft_key, array[for_group, _club_of(for_group)]);
begin
  perform _reading(who, for_group);
  if not _may_draft(who, for_group) then perform _fail('forbidden'); end if;
  if d.key is null and based_on > 0 then perform _fail('not_found'); end if;  -- it was discarded, or is an event by now
  if d.group_id = for_group and d.says = draft_says then return row(_draft_json(d), null)::outcome; end if;
  if d.version <> based_on then perform _fail('draft_changed'); end if;
  if d.group_id is distinct from for_group
     and (select count(*) from event_drafts o where o.group_id = for_group) >= drafts_max then
    perform _fail('full');
  end if;
  perform pg_advisory_xact_lock(hashtextextended(draft_key::text, 0));  -- its event may come elsewhere meanwhile
  if d.key is null then
    if exists (select 1 from events where key = draft_key) then perform _fail('id_conflict'); end if;
    insert into event_drafts(key, group_id, by_user, says, updated_by)
      values (draft_key, for_group, who, draft_says, who) on conflict (key) do nothing returning * into d;
    if not found then perform _fail('id_conflict'); end if;
  else
    update event_drafts set group_id = for_group, says = draft_says, version = version + 1,
      by_user = case when _club_of(group_id) = _club_of(for_group) then by_user else who end,  -- they know nobody else there
      updated_at = clock_timestamp(), updated_by = who where key = draft_key returning * into d;
    if not found then perform _fail('not_found'); end if;  -- it was forgotten in this very moment
  end if;
  return row(_draft_json(d), null)::outcome;
end $$;

create function event_draft(who bigint, draft_key uuid) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare d event_drafts;
begin
  select * into d from event_drafts where key = draft_key;
  if d.key is null or not _may_draft(who, d.group_id) then perform _fail('not_found'); end if;
  return _draft_json(d) || jsonb_build_object('says', d.says);
end $$;

-- Those of a room; of a club also those of its rooms. What was touched last comes first.
create function event_drafts_of(who bigint, g bigint) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  perform _reading(who, g);
  return jsonb_build_object('drafts', (
    select coalesce(jsonb_agg(_draft_json(d) order by d.updated_at desc, d.key), '[]')
    from event_drafts d join groups gr on gr.id = d.group_id
    where (gr.id = g or gr.parent = g) and _may_make_events(who, gr)));
end $$;

create function discard_event_draft(who bigint, draft_key uuid)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare d event_drafts := _draft_locked(who, draft_key);
begin
  if d.key is null then perform _fail('not_found'); end if;
  delete from event_drafts where key = draft_key;
  return row(null, null)::outcome;
end $$;

-- The draft goes in the commit in which its event comes, by whoever may make events where it belongs: create_event has
-- judged and locked that. A draft that belongs elsewhere is not theirs to end, and keeps its id.
create function _draft_published() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(new.key::text, 0));
  delete from event_drafts where key = new.key and group_id = (select parent from groups where id = new.group_id);
  if exists (select 1 from event_drafts where key = new.key) then perform _fail('id_conflict'); end if;
  return null;
end $$;
create trigger draft_published after insert on events for each row execute function _draft_published();

-- None stays of a club that has ended.
create function _drafts_end() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  delete from event_drafts where group_id = new.id;
  return null;
end $$;
create trigger drafts_end after update of erased_at on groups
  for each row when (new.erased_at is not null and old.erased_at is null) execute function _drafts_end();

-- Those that nobody has touched for so long; true = there may be more.
create function forget_event_drafts(untouched_days int, n int, moment timestamptz) returns boolean
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare gone int;
begin
  delete from event_drafts where key in (
    select d.key from event_drafts d
    where d.updated_at < coalesce(moment, clock_timestamp()) - make_interval(days => untouched_days)
    order by d.updated_at limit n for update skip locked);
  get diagnostics gone = row_count;
  return gone = n;
end $$;

-- As in 0039, and the drafts that they touched last: what somebody else went on with is not theirs to take along.
alter function my_data(bigint) rename to _my_data_of_events;
create function my_data(who bigint) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select _my_data_of_events(who) || jsonb_build_object(
    'event_drafts', (select coalesce(jsonb_agg(jsonb_build_object('event', d.key, 'group', d.group_id,
        'updated_at', _rfc3339(d.updated_at)) || d.says - 'host' order by d.key), '[]')
      from event_drafts d where d.updated_by = who)) $$;
