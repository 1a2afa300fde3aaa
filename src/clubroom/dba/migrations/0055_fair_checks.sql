-- Files are looked at in turn: nobody's twenty stand before another's one, and of nobody's are two looked at at once, so
-- that whoever brings what takes long holds up but themselves.

alter table files add taken_until timestamptz;  -- the last lease of whoever looked at it

-- As in 0048; of those whose turn it is, whoever was served longest ago is next.
create or replace function take_file(lease_seconds int, tries_max int, moment timestamptz) returns jsonb
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare f files; at_now timestamptz := coalesce(moment, clock_timestamp());
begin
  perform pg_advisory_xact_lock(hashtextextended('clubroom.take file', 0));
  update files set state = 'refused', refused = 'failed', due_at = null where id in (
    select id from files where state = 'uploaded' and due_at <= at_now and tries >= tries_max
      order by due_at limit 10 for update skip locked);
  select x.* into f from (
      select distinct on (owner) id, owner, due_at from files where state = 'uploaded' and due_at <= at_now
        order by owner, due_at) next
    cross join lateral (select max(o.taken_until) as until,
        coalesce(bool_or(o.state = 'uploaded' and o.taken_until > at_now), false) as busy
      from files o where o.owner = next.owner and o.asked_at > at_now - interval '1 day') served
    join files x on x.id = next.id
    where not served.busy and x.state = 'uploaded' and x.due_at <= at_now
    order by served.until nulls first, next.due_at limit 1 for update of x skip locked;
  if f.id is null then return null; end if;
  update files set tries = tries + 1, due_at = at_now + make_interval(secs => lease_seconds),
    taken_until = at_now + make_interval(secs => lease_seconds)
    where id = f.id returning * into f;
  return _file_json(f) || jsonb_build_object('tries', f.tries);
end $$;

-- As in 0048; and nobody looks at it any more.
create or replace function postpone_file(file uuid, seconds float, counted boolean, moment timestamptz) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  update files set due_at = coalesce(moment, clock_timestamp()) + make_interval(secs => seconds),
    taken_until = least(taken_until, coalesce(moment, clock_timestamp())),
    tries = case when counted then tries else greatest(tries - 1, 0) end
  where id = file and state = 'uploaded' $$;
