-- Somebody who is here and does not want to be seen: for others they are not.

alter table users add column invisible boolean not null default false;
create index users_invisible on users(id) where invisible;

-- Who of these people is not to be seen.
create function invisible_of(people bigint[]) returns bigint[]
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select array(select id from users where invisible and id = any(people)) $$;

-- As in 0021, and whether one is to be seen.
create or replace function _tell_profile(person users) returns logged
language sql security definer set search_path = clubroom, pg_temp as $$
  select _append(_self_group(person.id), _person_target(person.sub), json_strip_nulls(json_build_object(
    'type', 'profile_changed', 'user', person.sub, 'name', person.name, 'time_zone', person.time_zone,
    'language', person.language, 'invisible', case when person.invisible then true end))) $$;

create or replace function change_profile(who bigint, changes text, limits text, moment timestamptz) returns outcome
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); wait_ms bigint; said jsonb := changes::jsonb;
  before users; after users; self bigint := _self_group(who); everywhere bigint[]; log logged[] := '{}';
begin
  if said ? 'name' then
    wait_ms := _wait(limits, at_now);
    if wait_ms is not null then return _refused('rate_limited', wait_ms); end if;
    everywhere := _lock_everywhere(who);
  else
    perform _lock(array[self]);
  end if;
  select * into before from users where id = who;
  update users set name = coalesce(said ->> 'name', name),
    time_zone = case when said ? 'time_zone' then said ->> 'time_zone' else time_zone end,
    language = case when said ? 'language' then said ->> 'language' else language end,
    invisible = coalesce((said ->> 'invisible')::boolean, invisible)
    where id = who returning * into after;
  if before = after then return row('{}', null)::outcome; end if;
  if before.name <> after.name then
    perform _count(limits, at_now);
    log := _tell_name(after, everywhere);
  end if;
  return row('{}', log || _tell_profile(after))::outcome;
end $$;

drop function me(bigint);
create function me(who bigint)
returns table(sub text, name text, email text, email_verified boolean, time_zone text, language text, passkeys bigint,
  invisible boolean)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select u.sub, u.name, c.email, c.verified_at is not null, u.time_zone, u.language,
    (select count(*) from passkeys p where p.user_id = who), u.invisible
  from users u left join credentials c on c.user_id = u.id where u.id = who $$;
