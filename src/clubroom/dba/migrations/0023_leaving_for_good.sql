-- An account is deleted, and what somebody wrote is given out to them; a link that gets somebody back in who has lost
-- every device. A word for somebody gone is stored as "Gone"; clients say it in their own language by `gone`.

-- What somebody wrote, on its way out: one group at a time, from `seq` on. In their self group all goes.
create table leavings(
  user_id bigint not null references users,
  group_id bigint not null references groups,
  seq bigint not null default 0,
  primary key (user_id, group_id));

-- --- deleting an account --------------------------------------------------------------------------------------

create function _last_owner_of(who bigint) returns bigint[]
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select coalesce(array_agg(g.id order by g.id), '{}') from memberships m join groups g on g.id = m.group_id
  where m.user_id = who and m.to_seq is null and m.role = 'owner' and g.kind = 'club' and g.deleted_at is null
    and not exists (select 1 from memberships o where o.group_id = g.id and o.user_id <> who and o.to_seq is null
      and o.role = 'owner') $$;

-- What stands in the way of leaving for good, and by what one proves to be oneself.
create function leaving(who bigint) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object(
    'clubs', (select coalesce(jsonb_agg(jsonb_build_object('group', id, 'name', name) order by id), '[]')
      from groups where id = any(_last_owner_of(who))),
    'proof', case when exists (select 1 from credentials where user_id = who) then 'password'
      when exists (select 1 from passkeys where user_id = who) then 'passkey' else 'name' end) $$;

-- `verified_hash`: the password's that was proven, if there is one. Out of everything in the order of each log, then
-- gone; with `erase` what they wrote follows, in pieces.
create function delete_account(
  who bigint, verified_hash text, challenge bytea, erase boolean, language text, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); person users; self bigint := _self_group(who);
  g groups; everywhere bigint[]; one bigint; log logged[] := '{}'; ended uuid[];
begin
  everywhere := _lock_where_they_are(who);
  select * into person from users where id = who;
  if person.gone_at is not null or self is null then perform _fail('unauthorized'); end if;
  if challenge is not null then
    perform _use_challenge(challenge, at_now);
  elsif (select password_hash from credentials where user_id = who) is distinct from verified_hash
      or verified_hash is null and exists (select 1 from passkeys where user_id = who) then
    perform _fail('wrong_sign_in');
  end if;
  if cardinality(_last_owner_of(who)) > 0 then
    perform _fail('last_owner', 'Hand over or delete first: ' || (
      select string_agg(name, ', ' order by id) from groups where id = any(_last_owner_of(who))));
  end if;
  perform _tell(who, (select email from credentials where user_id = who), 'account_deleted', language, at_now);
  for g in select x.* from groups x join memberships m on m.group_id = x.id
      where m.user_id = who and m.to_seq is null and x.kind = 'club' order by x.id loop
    log := log || _remove_from_club(who, g.id, who, _groups_below(g.id));
  end loop;
  for g in select x.* from groups x join memberships m on m.group_id = x.id
      where m.user_id = who and m.to_seq is null and x.id <> self order by x.id loop
    log := log || _close(g.id, who, who);
  end loop;
  update users set name = 'Gone', gone_at = at_now, language = null, time_zone = null, managed = false where id = who;
  foreach one in array array(select distinct group_id from memberships where user_id = who and group_id <> self) loop
    perform _forget_name(one, who);
    log := log || _append(one, null, json_build_object('type', 'account_deleted', 'user', person.sub));
  end loop;
  insert into leavings(user_id, group_id) select who, id from unnest(
    case when erase then everywhere else array[self] end) as e(id) on conflict do nothing;
  update memberships set to_seq = (select head from groups where id = self) where group_id = self and user_id = who;
  perform _forget_person(who);
  ended := _end_others(who, gen_random_uuid(), at_now);
  return row(jsonb_build_object('ended', ended), log)::outcome;
end $$;

-- Every group that they are or were in, and all rooms of their clubs, locked.
create function _lock_where_they_are(who bigint) returns bigint[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare known bigint[] := _where_they_are(who);
begin
  perform _lock(known);
  if known <> _where_they_are(who) then perform _fail('unavailable', '200'); end if;
  return known;
end $$;

create function _where_they_are(who bigint) returns bigint[]
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select array(
    select group_id from memberships where user_id = who
    union select b from memberships m join groups g on g.id = m.group_id and g.kind = 'club'
      cross join lateral unnest(_groups_below(g.id)) b where m.user_id = who
    order by 1) $$;

-- What a log says of their name, where it stands (L4).
create function _forget_name(g bigint, who bigint) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  update actions a set body = convert_to((convert_from(a.body, 'UTF8')::jsonb || '{"name": "Gone"}') #>> '{}', 'UTF8')
    where a.group_id = g and (a.seq in (select since_seq from memberships where group_id = g and user_id = who)
      or a.target = _person_target(_sub(who))) $$;

-- Nothing of what a message said stays, as in delete_message; by whoever wrote it, who is in the room no more.
create function _erase_message(m messages) returns logged
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare entry logged;
begin
  perform _rewrite(m, null);
  delete from message_versions where message_id = m.id;
  delete from emotes where message_id = m.id;
  delete from pins where message_id = m.id;
  delete from mentions where group_id = m.group_id and seq = m.seq;
  entry := _append(m.group_id, m.id, json_build_object('type', 'message_deleted', 'id', m.id, 'by', _sub(m.author)));
  update messages set text = null, sent_mac = null, reply_to = null, deleted_at = entry.at where id = m.id;
  return entry;
end $$;

-- A piece of a leaving: so many messages of one group are looked at. The result says whether more waits.
create function go_on_leaving(looked int) returns outcome
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at leavings; room groups; m messages; upto bigint; log logged[] := '{}';
begin
  select * into at from leavings order by user_id, group_id limit 1 for update skip locked;
  if at.user_id is null then return row('false'::jsonb, null)::outcome; end if;
  perform _lock(array[at.group_id]);
  select * into room from groups where id = at.group_id;
  upto := at.seq + looked;
  if room.kind = 'self' then
    perform _drop_piece(room.id, upto);
  else
    for m in select * from messages where group_id = room.id and author = at.user_id and deleted_at is null
        and seq > at.seq and seq <= upto order by seq loop
      log := log || _erase_message(m);
    end loop;
  end if;
  update leavings set seq = upto where user_id = at.user_id and group_id = at.group_id;
  if upto >= room.head then
    delete from leavings where user_id = at.user_id and group_id = at.group_id;
    update groups set name = 'Gone' where id = room.id and kind = 'self';
  end if;
  return row('true'::jsonb, log)::outcome;
end $$;

-- Of a group that nobody is in any more: everything up to here.
create function _drop_piece(g bigint, upto bigint) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  delete from pins where group_id = g and message_id in (select id from messages where group_id = g and seq <= upto);
  delete from emotes where message_id in (select id from messages where group_id = g and seq <= upto);
  delete from message_versions where message_id in (select id from messages where group_id = g and seq <= upto);
  delete from mentions where group_id = g and seq <= upto;
  delete from messages where group_id = g and seq <= upto;
  delete from actions where group_id = g and seq <= upto;
  update groups set floor = greatest(floor, least(upto, head)) where id = g $$;

-- --- one's own data -------------------------------------------------------------------------------------------

-- Everything but what was written.
create function my_data(who bigint) returns jsonb
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select jsonb_build_object(
    'user', u.sub, 'name', u.name, 'created_at', _rfc3339(u.created_at), 'email', c.email,
    'email_verified_at', _rfc3339(c.verified_at), 'time_zone', u.time_zone, 'language', u.language,
    'passkeys', (select coalesce(jsonb_agg(jsonb_build_object('name', p.name, 'created_at', _rfc3339(p.created_at),
      'used_at', _rfc3339(p.used_at)) order by p.created_at), '[]') from passkeys p where p.user_id = who),
    'devices', (select coalesce(jsonb_agg(jsonb_build_object('device', s.device, 'signed_in_at',
      _rfc3339(s.created_at), 'used_at', _rfc3339(s.used_at)) order by s.used_at desc), '[]')
      from sessions s where s.user_id = who and s.ended_at is null),
    'blocked', (select coalesce(jsonb_agg(_sub(b.blocked)), '[]') from person_blocks b where b.user_id = who),
    'read', (select coalesce(jsonb_object_agg(p.group_id, p.seq), '{}') from read_pointers p where p.user_id = who),
    'follows', (select coalesce(jsonb_object_agg(f.group_id, f.is_on), '{}') from follows f where f.user_id = who),
    'memberships', (select coalesce(jsonb_agg(jsonb_build_object('group', m.group_id, 'kind', g.kind, 'role', m.role,
        'since', _rfc3339(m.opened_at), 'left', m.to_seq is not null,
        'name', case when m.to_seq is null and g.kind <> 'dm' then g.name end) order by m.id), '[]')
      from memberships m join groups g on g.id = m.group_id where m.user_id = who))
  from users u left join credentials c on c.user_id = u.id where u.id = who $$;

-- Where somebody may have written.
create function my_places(who bigint) returns setof bigint
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select unnest(_where_they_are(who)) $$;

-- What they wrote and reacted in one group, after a seq; `looked` messages are looked at. The last row says how far.
create function my_writing(who bigint, g bigint, after bigint, looked int)
returns table(upto bigint, more boolean, written jsonb)
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare last bigint := after + looked; head_now bigint := (select head from groups where id = g);
begin
  if not g = any(_where_they_are(who)) then perform _fail('not_found'); end if;
  return query select last, last < head_now, jsonb_strip_nulls(jsonb_build_object('id', m.id, 'group', g, 'seq', m.seq,
      'sent_at', _rfc3339(m.sent_at), 'text', case when m.author = who then m.text end,
      'reply_to', case when m.author = who then m.reply_to end,
      'edited_at', case when m.author = who and m.deleted_at is null then _rfc3339(m.edited_at) end,
      'deleted', case when m.author = who and m.deleted_at is not null then true end,
      'reactions', (select jsonb_agg(e.emote order by e.emote collate "C") from emotes e
        where e.message_id = m.id and e.user_id = who)))
    from messages m where m.group_id = g and m.seq > after and m.seq <= last
      and (m.author = who or exists (select 1 from emotes e where e.message_id = m.id and e.user_id = who))
    order by m.seq;
  return query select last, last < head_now, null::jsonb;
end $$;

-- Counts what may be done so often, before it is done.
create function count_within(limits text, moment timestamptz) returns outcome
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); wait_ms bigint := _wait(limits, at_now);
begin
  if wait_ms is not null then return _refused('rate_limited', wait_ms); end if;
  perform _count(limits, at_now);
  return row('{}', null)::outcome;
end $$;

-- --- a link that is handed to a member ------------------------------------------------------------------------

-- As good as being that person, so only for somebody who has nothing to get back in by and whom nobody else would miss:
-- a plain member, in no club that the asker does not run (docs/decisions/0023). Nobody is a managed one: whoever they
-- stand for is invited.
create function _may_be_handed(who bigint, club bigint, target bigint) returns boolean
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
begin
  return target <> who and _role(target, club) is not null and not _can_sign_in(target) and not is_host(target)
    and not exists (select 1 from users where id = target and (managed or gone_at is not null))
    and not exists (select 1 from memberships m join groups g on g.id = m.group_id and g.kind = 'club'
      where m.user_id = target and m.to_seq is null
        and (m.role <> 'member' or coalesce(_role(who, g.id), 'member') = 'member'));
end $$;

-- They are told on every device. Whether it may be is asked again when the link is used: a day is long.
create function hand_sign_in_link(
  who bigint, club bigint, target_sub text, link_mac bytea, open_seconds bigint, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); target bigint; self bigint;
begin
  select id into target from users where sub = target_sub and gone_at is null;
  self := _self_group(target);
  perform _lock(array[self, club]);
  if _role(who, club) is null or _role(target, club) is null or (select kind from groups where id = club) <> 'club' then
    perform _fail('not_found');
  end if;
  if not _may_be_handed(who, club, target) then perform _fail('forbidden'); end if;
  delete from sign_in_links where user_id = target and (used_at is not null or expires_at < at_now);
  delete from sign_in_links where mac in (
    select mac from sign_in_links where user_id = target order by expires_at desc offset 9);
  insert into sign_in_links(mac, user_id, expires_at, handed_by, handed_in)
    values (link_mac, target, at_now + make_interval(secs => open_seconds), who, club);
  perform _audit(club, who, 'sign_in_link_handed', target);
  return row('{}', array[_append(self, null, json_build_object(
    'type', 'sign_in_link_handed', 'by', _sub(who), 'group', club))])::outcome;
end $$;
