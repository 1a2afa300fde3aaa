-- What was tried is forgotten when its window is over, also where nobody tries anything more: whose address it was,
-- and which e-mail address somebody wrote, has no business here then.

-- A piece of it; true = there may be more.
create function forget_attempts(n int, moment timestamptz) returns boolean
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare gone int;
begin
  delete from attempts where id = any(array(
    select id from attempts where over_at <= coalesce(moment, clock_timestamp())
    order by over_at limit n for update skip locked));
  get diagnostics gone = row_count;
  return gone = n;
end $$;
