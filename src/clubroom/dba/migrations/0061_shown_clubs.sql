-- What a link to join shows to whoever draws a preview of it: a club's name and picture, and nothing else. Decision 0058.

-- A wrong code is counted for the address, as where somebody types one.
create function shown_club(code_macs bytea[], limits text, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); wait_ms bigint; c join_codes;
begin
  wait_ms := _wait(limits, at_now);
  c := _opening(code_macs, null, at_now);
  if c.id is null then return _wrong_code(limits, wait_ms, at_now); end if;
  return row((select jsonb_build_object('name', g.name, 'picture', _picture_of(g))
    from groups g where g.id = c.group_id), null)::outcome;
end $$;
