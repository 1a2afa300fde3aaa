-- Who runs the place: sees its clubs and never what is said there, suspends one, decides how long messages are kept.

-- Made on the command line by whoever owns the database, and by nobody else.
create table hosts(
  user_id bigint primary key references users,
  since timestamptz not null default clock_timestamp());

alter table installation add keep_days int check (keep_days >= 30);  -- null: for ever
alter table audit alter by_user drop not null;                       -- null: at the command line

create function is_host(who bigint) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select exists (select 1 from hosts where user_id = who) $$;

-- To everybody else these calls do not exist.
create function _host(who bigint) returns void
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  if not is_host(who) then perform _fail('not_found'); end if;
end $$;

-- Somebody by their user id, or by the address that they sign in with.
create function _person(known_as text) returns bigint
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select id from users where sub = known_as
  union select user_id from credentials where email = lower(known_as) limit 1 $$;

-- For the command line: not granted. Null = nobody is known so.
create function _add_host(known_as text) returns text
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare who bigint := _person(known_as);
begin
  if who is not null then insert into hosts(user_id) values (who) on conflict do nothing; end if;
  return (select name from users where id = who);
end $$;

create function _remove_host(known_as text) returns text
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare who bigint := _person(known_as);
begin
  delete from hosts where user_id = who;
  if not found then return null; end if;
  return (select name from users where id = who);
end $$;

create function _hosts() returns table(sub text, name text, email text)
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select u.sub, u.name, c.email from hosts h join users u on u.id = h.user_id
  left join credentials c on c.user_id = u.id order by h.since $$;

-- --- clubs ----------------------------------------------------------------------------------------------------

-- How large a club is, from outside. Its bytes are told from how long its newest messages are.
create function _club_measured(g groups) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  with rooms as (select unnest(_groups_below(g.id) || g.id) as id),
  each as (
    select (select count(*) from messages m where m.group_id = r.id) as messages, s.bytes, s.last_at
    from rooms r cross join lateral (
      select avg(octet_length(text)) as bytes, max(sent_at) as last_at from (
        select text, sent_at from messages m where m.group_id = r.id order by seq desc limit 200) newest) s)
  select jsonb_build_object('group', g.id, 'name', g.name, 'created_at', _rfc3339(g.created_at),
    'members', (select count(*) from memberships where group_id = g.id and to_seq is null),
    'messages', sum(messages), 'bytes', coalesce(sum(messages * coalesce(bytes, 0))::bigint, 0),
    'last_at', _rfc3339(max(last_at)), 'suspended', g.suspended_at is not null, 'deleted', g.deleted_at is not null)
  from each $$;

create function _clubs_listed(find text, before bigint, n int) returns setof jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select _club_measured(g) from groups g
  where g.kind = 'club' and g.id < before and position(lower(find) in lower(g.name)) > 0 order by g.id desc limit n $$;

create function host_clubs(who bigint, find text, before bigint, n int) returns setof jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  perform _host(who);
  return query select _clubs_listed(find, before, n);
end $$;

-- A club and all below: read, and nothing more. Its members are told, in each log, that it is so.
create function suspend_club(who bigint, club bigint, suspend boolean)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  perform _host(who);
  return row(null, _suspend_club(who, club, suspend))::outcome;
end $$;

create function _suspend_club(who bigint, club bigint, suspend boolean) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare below bigint[]; g bigint; known groups; log logged[];
begin
  perform _lock(array[club] || _groups_below(club));
  below := _groups_below(club);
  perform _lock(below);
  select * into known from groups where id = club;
  if known.kind is distinct from 'club' or known.deleted_at is not null then perform _fail('not_found'); end if;
  if suspend = (known.suspended_at is not null) then return null; end if;
  update groups set suspended_at = case when suspend then clock_timestamp() end where id = any(below || club);
  foreach g in array below || club loop
    log := log || _append(g, null, json_build_object('type', 'club_suspended', 'on', suspend));
  end loop;
  perform _audit(club, who, case when suspend then 'club_suspended' else 'club_reopened' end);
  return log;
end $$;

-- --- the place ------------------------------------------------------------------------------------------------

create function _size_of(names text[]) returns bigint
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select coalesce(sum(pg_total_relation_size(to_regclass('clubroom.' || name))), 0)::bigint from unnest(names) name $$;

create function host_place(who bigint) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  perform _host(who);
  return jsonb_build_object('keep_days', (select keep_days from installation),
    'clubs', (select count(*) from groups where kind = 'club' and deleted_at is null),
    'people', (select count(*) from users where gone_at is null),
    'database_bytes', pg_database_size(current_database()),
    'messages_bytes', _size_of(array['messages', 'message_versions', 'actions', 'emotes', 'mentions']),
    'search_bytes', _size_of(array['message_search']));
end $$;

create function keep_messages(who bigint, days int)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  perform _host(who);
  update installation set keep_days = days;
  return row(null, null)::outcome;
end $$;

-- A piece of what is older than messages are kept, `n` actions of one group; false = nothing is. Notes to oneself are
-- one's own, and stay.
create function trim_old(n int) returns boolean
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare cutoff timestamptz; gr groups; upto bigint;
begin
  select clock_timestamp() - make_interval(days => keep_days) into cutoff from installation;
  if cutoff is null then return false; end if;
  select * into gr from groups g where g.kind <> 'self' and g.deleted_at is null and g.floor < g.head
    and (select a.at from actions a where a.group_id = g.id and a.seq = g.floor + 1) < cutoff
    order by g.id limit 1 for no key update skip locked;
  if gr.id is null then return false; end if;
  select coalesce(min(seq) filter (where at >= cutoff) - 1, max(seq)) into upto from (
    select seq, at from actions where group_id = gr.id and seq > gr.floor order by seq limit n) oldest;
  perform _forget_until(gr.id, upto, true);
  return true;
end $$;

-- --- what stays of what was trimmed: pins ---------------------------------------------------------------------

-- Whether somebody may read a message: from where the group is open to them; the floor hides no pin.
create function _may_read(who bigint, m messages) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select exists (
    select 1 from groups g join memberships ms on ms.group_id = g.members_of and ms.user_id = who and ms.to_seq is null
    where g.id = m.group_id and case
      when ms.from_seq = 1 then true
      when g.members_of = g.id then m.seq >= ms.from_seq
      else m.seq >= coalesce((ms.below_from ->> g.id::text)::bigint, 1) end) $$;

create or replace function pinned_messages(who bigint, g bigint) returns setof jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  perform _reading(who, g);
  return query select _shown(m) from pins p join messages m on m.id = p.message_id
    where p.group_id = g and _may_read(who, m) order by p.seq desc;
end $$;

create or replace function message_by_id(who bigint, message uuid) returns jsonb
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare m messages;
begin
  select * into m from messages where id = message;
  if m.id is null or not _may_read(who, m) then perform _fail('not_found'); end if;
  return _shown(m);
end $$;

create or replace function _message(who bigint, message uuid) returns messages
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare found_message messages;
begin
  perform _lock(array(select group_id from messages where id = message));
  select * into found_message from messages where id = message;
  if found_message.id is null or not _may_read(who, found_message) then perform _fail('not_found'); end if;
  return found_message;
end $$;
