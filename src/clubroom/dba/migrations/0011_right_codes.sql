-- A right code opens its door from an address, too, that has to wait for too many wrong ones: else anybody could keep
-- a whole hall out. Guessing gains nothing by it, for a code has 60 bits. A wrong one is told to wait as before.

-- As in 0003, but for the address's limits, which only wrong codes have to keep. A person's count for right ones, too.
drop function join_club(bigint, bytea[], text, int, int, timestamptz);
create function join_club(
  who bigint, code_macs bytea[], limits text, address_limits text, members_max int, clubs_max int, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); wait_ms bigint; club bigint; log logged[];
begin
  wait_ms := _wait(limits, at_now);
  if wait_ms is not null then return _refused('rate_limited', wait_ms); end if;
  wait_ms := _wait(address_limits, at_now);
  club := _club_of_code(code_macs, who, at_now);
  if club is not null then
    perform _lock(array[_self_group(who), club]);
    club := _club_of_code(code_macs, who, at_now);
  end if;
  if club is null then
    perform _count(limits, at_now);
    return _wrong_code(address_limits, wait_ms, at_now);
  end if;
  if _role(who, club) is null then
    if _clubs_of(who) >= clubs_max then perform _fail('full'); end if;
    if (select count(*) from memberships where group_id = club and to_seq is null) >= members_max then
      perform _fail('full');
    end if;
    log := _enter(club, who, 'member');
    update join_codes set uses_left = uses_left - 1 where mac = any(code_macs) and uses_left is not null;
  end if;
  return row(_signed_in(who, null, 0)
    || (select jsonb_build_object('group', id, 'name', name) from groups where id = club), log)::outcome;
end $$;

create or replace function preview_club(code_macs bytea[], limits text, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); wait_ms bigint; club bigint;
begin
  wait_ms := _wait(limits, at_now);
  club := _club_of_code(code_macs, null, at_now);
  if club is null then return _wrong_code(limits, wait_ms, at_now); end if;
  return row((select jsonb_build_object('name', g.name, 'members',
    (select count(*) from memberships where group_id = g.id and to_seq is null))
    from groups g where g.id = club), null)::outcome;
end $$;

-- Counted for the address as long as it need not wait; then it is told no more than how long.
create function _wrong_code(address_limits text, wait_ms bigint, moment timestamptz) returns outcome
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  if wait_ms is not null then return _refused('rate_limited', wait_ms); end if;
  perform _count(address_limits, moment);
  return _refused('invalid_code');
end $$;
