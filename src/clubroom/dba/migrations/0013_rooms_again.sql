-- What was there before rooms were, and has to know of them.

-- As in 0003, but a key that made a room makes no club.
create or replace function create_club(
  who bigint, club_key uuid, club_name text, code_mac bytea, code_sealed bytea, clubs_max int, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); made club_keys; club bigint; admins bigint;
  log logged[];
begin
  perform _lock(array[_self_group(who)]);    -- one club at a time for one person
  select * into made from club_keys where user_id = who and key = club_key;
  if made.group_id is not null then
    if made.name <> club_name or (select kind from groups where id = made.group_id) <> 'club' then
      perform _fail('id_conflict');
    end if;
    return row(_club_made(who, made.group_id, true), null)::outcome;
  end if;
  if not exists (select 1 from credentials where user_id = who) then perform _fail('sign_in_needed'); end if;
  if _clubs_of(who) >= clubs_max then perform _fail('full'); end if;
  insert into groups(kind, name) values ('club', club_name) returning id into club;
  insert into groups(kind, parent, name) values ('admins', club, club_name) returning id into admins;
  insert into club_keys(user_id, key, name, group_id) values (who, club_key, club_name, club);
  insert into join_codes(group_id, mac, sealed, created_by, created_at)
    values (club, code_mac, code_sealed, who, at_now);
  log := array[_append(club, null, json_build_object('type', 'club_created', 'by', _sub(who), 'name', club_name))]
    || _enter(club, who, 'owner') || _enter(admins, who, 'owner')
    || _append(admins, null, json_build_object('type', 'join_code_created', 'by', _sub(who)));
  return row(_club_made(who, club, false), log)::outcome;
end $$;
