-- Quiet from a group, for a while or for good: it is somebody's own, and told to nobody else.

create table mutes(
  user_id bigint not null references users,
  group_id bigint not null references groups,
  until timestamptz not null,                -- infinity = until they say otherwise
  primary key (user_id, group_id));

-- `seconds` from now on; null = for good, 0 = no longer. Not one's own notes: nobody else writes there.
create function mute_group(who bigint, g bigint, seconds bigint, moment timestamptz) returns outcome
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); self bigint := _self_group(who); ends timestamptz;
begin
  perform _lock(array[self]);
  perform _reading(who, g);
  if g = self then perform _fail('forbidden'); end if;
  if seconds = 0 then
    delete from mutes where user_id = who and group_id = g;
    if not found then return row(null, null)::outcome; end if;
    return row(null, array[_append(self, null, json_build_object('type', 'group_unmuted', 'group', g))])::outcome;
  end if;
  ends := coalesce(at_now + make_interval(secs => seconds), 'infinity');
  insert into mutes as m (user_id, group_id, until) values (who, g, ends)
    on conflict (user_id, group_id) do update set until = excluded.until where m.until <> excluded.until;
  if not found then return row(null, null)::outcome; end if;
  return row(null, array[_append(self, null, json_strip_nulls(json_build_object('type', 'group_muted', 'group', g,
    'until', _until(ends))))])::outcome;
end $$;

-- As the wire has it: null = for good.
create function _until(moment timestamptz) returns text
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select case when isfinite(moment) then _rfc3339(moment) end $$;

-- Whoever is no member any more has nothing to be told, nor to be spared: of a club, nor of what lies below it.
create function _mutes_go() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  delete from mutes m using groups g
    where m.user_id = new.user_id and g.id = m.group_id and new.group_id in (g.id, g.parent);
  return null;
end $$;
create trigger mutes_go after update of to_seq on memberships
  for each row when (new.to_seq is not null) execute function _mutes_go();

alter function my_groups(bigint, int) rename to _my_groups;

-- As in 0014, and whether quiet is wanted: `mute` null = no.
create function my_groups(who bigint, most int default 100) returns setof jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select entry || jsonb_build_object('mute', case when m.until > now() then
      jsonb_build_object('until', _until(m.until)) end)
  from _my_groups(who, most) with ordinality as mine(entry, place)
  left join mutes m on m.user_id = who and m.group_id = (entry ->> 'group')::bigint
  order by place $$;
