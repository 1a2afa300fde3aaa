-- Bringing people: named ones are invited, each by a link of their own; members whom nobody has signed in as yet, for
-- whom admins act; and how members are reached, where they say so.

create table invitations(
  id bigint generated always as identity primary key,
  group_id bigint not null references groups on delete cascade,
  name text not null check (length(name) between 1 and 60),
  email text check (length(email) <= 254),   -- lower case; null: handed over by somebody; gone once it is withdrawn
  labels bigint[] not null default '{}',     -- what they will carry
  invited_by bigint not null references users,
  created_at timestamptz not null,
  member bigint references users,            -- the managed one who stands for them; then who came
  came_at timestamptz,
  came_key uuid,                             -- the client's name for its coming, so that it can be repeated
  withdrawn_at timestamptz,
  letter bigint,                             -- the newest, in the outbox
  sent_at timestamptz,                       -- when it was put there
  told text);                                -- what became of it: 'sent', or why not
create index invitations_of_group on invitations(group_id, id);
create index invitations_open on invitations(group_id) where came_at is null and withdrawn_at is null;
create index invitations_to on invitations(group_id, email) where email is not null;
create index invitations_letter on invitations(letter) where letter is not null;
create index invitations_of_member on invitations(member) where member is not null;

-- Its links: in the mail, in one sent again, copied by an admin. Any of them is good until somebody has come.
create table invitation_links(
  mac bytea primary key,
  invitation_id bigint not null references invitations on delete cascade,
  expires_at timestamptz not null);
create index invitation_links_of on invitation_links(invitation_id, expires_at);

-- The client's name for a call, for thirty days: the same again answers the same.
create table invitation_keys(
  user_id bigint not null references users,
  key uuid not null,
  asked_mac bytea not null,
  answer jsonb not null,
  created_at timestamptz not null,
  primary key (user_id, key));
create index invitation_keys_age on invitation_keys(created_at);

-- How somebody is reached, for one club, and by whom. In no log, and gone with the membership.
create table contacts(
  group_id bigint not null references groups on delete cascade,
  user_id bigint not null references users,
  email text check (length(email) <= 254),
  phone text check (length(phone) <= 40),
  note text check (length(note) <= 200),
  visible_to text not null check (visible_to in ('admins', 'members')),
  primary key (group_id, user_id));

-- --- what holds whoever writes --------------------------------------------------------------------------------

-- Nobody runs a club whom nobody has signed in as.
create function _managed_runs_nothing() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  if new.role <> 'member' and (select managed from users where id = new.user_id)
     and (select kind from groups where id = new.group_id) in ('club', 'admins') then
    perform _fail('forbidden');
  end if;
  return new;
end $$;
create trigger managed_runs_nothing before insert or update of role on memberships
  for each row when (new.role <> 'member') execute function _managed_runs_nothing();

-- Whoever leaves a club takes along how they are reached; a managed one's invitation is over.
create function _contact_goes() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  delete from contacts where group_id = new.group_id and user_id = new.user_id;
  if (select managed from users where id = new.user_id) then
    perform _withdraw(array(select id from invitations
      where group_id = new.group_id and member = new.user_id and came_at is null and withdrawn_at is null));
  end if;
  return new;
end $$;
create trigger contact_goes after update of to_seq on memberships
  for each row when (old.to_seq is null and new.to_seq is not null) execute function _contact_goes();

create function _letter_told() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  update invitations set told = coalesce(new.failed, 'sent') where letter = new.id;
  return new;
end $$;
create trigger letter_told after update of done_at on outbox
  for each row when (new.done_at is not null and old.done_at is null) execute function _letter_told();

-- Its links open nothing more, and the address is forgotten. The outbox first, as whoever carries it away does.
create function _withdraw(ids bigint[]) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  perform close_outbox(letter, 'withdrawn', null) from invitations where id = any(ids) and letter is not null;
  update invitations set withdrawn_at = clock_timestamp(), email = null where id = any(ids);
  delete from invitation_links where invitation_id = any(ids);
end $$;

-- --- inviting -------------------------------------------------------------------------------------------------

-- Whether the club knows this address, or without one this name. What members sign in with is not looked at: nobody
-- learns here whose an address is.
create function _invited_before(club bigint, address text, called text) returns boolean
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select case when address is null then exists (
    select 1 from invitations where group_id = club and email is null and lower(name) = lower(called)
      and came_at is null and withdrawn_at is null)
  else exists (
    select 1 from invitations i where i.group_id = club and i.email = address and i.withdrawn_at is null
      and (i.came_at is null or _role(i.member, club) is not null))
    or exists (select 1 from contacts where group_id = club and email = address) end $$;

-- How many more letters may go out under limits that `_wait` has taken.
create function _letters_left(limits text, moment timestamptz) returns bigint
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select min(greatest(0, l.most - (select count(*) from attempts a
    where a.kind = l.kind and a.whom = l.whom and a.over_at > moment)))
  from jsonb_to_recordset(limits::jsonb) as l(kind text, whom text, most int) $$;

create function _count_letters(limits text, n bigint, moment timestamptz) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  insert into attempts(kind, whom, over_at)
    select kind, whom, moment + make_interval(secs => seconds)
    from jsonb_to_recordset(limits::jsonb) as l(kind text, whom text, seconds int), generate_series(1, n)
    order by kind, whom;
  delete from attempts where id = any(array(
    select id from attempts where over_at < moment order by over_at limit 4 * n for update skip locked));
end $$;

-- A link of an open invitation, good for sixty days; of one invitation at most ten.
create function _link_invitation(invitation bigint, link_mac bytea, moment timestamptz) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  delete from invitation_links where mac = any(array(
    select mac from invitation_links where invitation_id = invitation order by expires_at desc offset 9));
  insert into invitation_links(mac, invitation_id, expires_at) values (link_mac, invitation, moment + interval '60 days');
end $$;

-- A letter with such a link. False where too much waits already.
create function _mail_invitation(inv invitations, link_mac bytea, link_sealed bytea, language text, moment timestamptz)
returns boolean language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare gr groups; made bigint;
begin
  select * into gr from groups where id = inv.group_id;
  made := _send_mail(inv.email, 'invitation', coalesce(gr.language, language), jsonb_build_object('name', inv.name,
    'club', gr.name, 'by', (select name from users where id = inv.invited_by)), link_sealed, moment);
  if made is null then return false; end if;
  perform _link_invitation(inv.id, link_mac, moment);
  update invitations set letter = made, sent_at = moment, told = null where id = inv.id;
  return true;
end $$;

-- A person with their self group, and nobody signed in.
create function _make_person(as_sub text, called text, without_device boolean, moment timestamptz)
returns logged language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare who bigint; self bigint; entry logged;
begin
  insert into users(sub, name, created_at, managed) values (as_sub, called, moment, without_device) returning id into who;
  insert into groups(kind, name) values ('self', called) returning id into self;
  entry := _append(self, null, json_build_object('type', 'account_created', 'user', as_sub, 'name', called), joined => who);
  insert into memberships(group_id, user_id, role, since_seq, from_seq) values (self, who, 'owner', entry.seq, 1);
  return entry;
end $$;

-- `people` is JSON [{"row", "name", "email"?, "labels": [keys], "sub", "mac"?, "sealed"?}], checked and each link made
-- for its address. Letters beyond the limits are not sent: those invitations wait until they are.
create function invite_people(
  who bigint, club bigint, call_key uuid, mac_of_call bytea, people text, as_members boolean, language text,
  limits text, open_max int, members_max int, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); known invitation_keys; one jsonb; inv invitations;
  seats bigint; letters bigint; sent bigint := 0; n bigint := 0; rows jsonb := '[]'; log logged[] := '{}';
  answer jsonb; carried bigint[];
begin
  perform _wait(limits, at_now);             -- one at a time: their letters are counted
  perform _lock(array[club, _admins_of(club)]);
  perform _must_run(who, club);
  select * into known from invitation_keys where user_id = who and key = call_key;
  if known.key is not null then
    if known.asked_mac <> mac_of_call then perform _fail('id_conflict'); end if;
    return row(known.answer || '{"repeated": true}', null)::outcome;
  end if;
  letters := _letters_left(limits, at_now);
  seats := open_max - (select count(*) from invitations
    where group_id = club and came_at is null and withdrawn_at is null);
  -- whoever invites and takes it back, or removes whom they brought, makes rows without end: twice as many a day
  seats := least(seats, 2 * open_max - (select count(*) from invitations
    where group_id = club and created_at > at_now - interval '1 day'));
  if as_members then
    seats := least(seats, members_max - (select count(*) from memberships where group_id = club and to_seq is null));
  end if;
  for one in select * from jsonb_array_elements(people::jsonb) loop
    if _invited_before(club, one ->> 'email', one ->> 'name') then
      rows := rows || jsonb_build_object('row', one -> 'row', 'is', 'known');
      continue;
    end if;
    if n >= seats then perform _fail('full'); end if;
    n := n + 1;
    carried := _labels_of_keys(club, one -> 'labels');
    insert into invitations(group_id, name, email, labels, invited_by, created_at)
      values (club, one ->> 'name', one ->> 'email', carried, who, at_now) returning * into inv;
    if as_members then log := log || _enter_managed(inv, one ->> 'sub', who, at_now); end if;
    if one ? 'sealed' and sent < letters and _mail_invitation(
        inv, decode(one ->> 'mac', 'hex'), decode(one ->> 'sealed', 'hex'), language, at_now) then
      sent := sent + 1;
    end if;
    rows := rows || jsonb_build_object('row', one -> 'row', 'is', 'new', 'invitation', inv.id);
  end loop;
  answer := jsonb_build_object('rows', rows, 'sent', sent, 'repeated', false);
  delete from invitation_keys where (user_id, key) in (select user_id, key from invitation_keys
    where created_at < at_now - interval '30 days' order by created_at limit 20 for update skip locked);
  insert into invitation_keys(user_id, key, asked_mac, answer, created_at)
    values (who, call_key, mac_of_call, answer, at_now);
  if n > 0 then
    perform _count_letters(limits, sent, at_now);
    perform _audit(club, who, 'people_invited', details => jsonb_build_object('n', n, 'as_members', as_members));
    log := log || _append(_admins_of(club), null,
      json_build_object('type', 'invitations_sent', 'by', _sub(who), 'n', n));
  end if;
  return row(answer, log)::outcome;
end $$;

create function _labels_of_keys(club bigint, keys jsonb) returns bigint[]
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare found_ids bigint[];
begin
  found_ids := array(select id from labels where group_id = club
    and key in (select k::uuid from jsonb_array_elements_text(keys) k) order by id);
  if cardinality(found_ids) < jsonb_array_length(keys) then perform _fail('not_found'); end if;
  return found_ids;
end $$;

-- Into the club at once, with nobody signed in as them.
create function _enter_managed(inv invitations, as_sub text, by bigint, moment timestamptz) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare target bigint; log logged[];
begin
  log := array[_make_person(as_sub, inv.name, true, moment)];
  select id into target from users where sub = as_sub;
  update invitations set member = target where id = inv.id;
  return log || _enter_club(inv.group_id, target, 'member', by) || _add_labels(inv.group_id, target, inv.labels, by);
end $$;

-- --- who has not come -----------------------------------------------------------------------------------------

create function _invitation_state(i invitations) returns text
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select case when i.came_at is not null then 'came' when i.withdrawn_at is not null then 'withdrawn'
    when i.told = 'sent' then 'sent' when i.told is not null then 'failed' else 'invited' end $$;

-- Whether a letter may go out to them, again.
create function _letter_due(i invitations, moment timestamptz) returns boolean
language sql immutable security definer set search_path = clubroom, pg_temp as $$
  select i.email is not null and i.came_at is null and i.withdrawn_at is null
    and (i.sent_at is null or i.sent_at <= moment - interval '1 day') $$;

create function invitations_of(who bigint, club bigint, after bigint, waiting boolean, n int, moment timestamptz)
returns jsonb language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp());
begin
  perform _must_run(who, club);
  return (
    with page as (
      select i.* from invitations i where i.group_id = club and i.id > after
        and (not waiting or i.came_at is null and i.withdrawn_at is null) order by i.id limit n + 1)
    select jsonb_build_object(
      'invitations', coalesce((select jsonb_agg(jsonb_build_object('invitation', p.id, 'name', p.name, 'email', p.email,
          'labels', array(select key from labels where id = any(p.labels) order by key),
          'state', _invitation_state(p), 'by', _sub(p.invited_by), 'at', _rfc3339(p.created_at),
          'sent_at', _rfc3339(p.sent_at), 'came_at', _rfc3339(p.came_at), 'user', _sub(p.member),
          'due', _letter_due(p, at_now)) order by p.id)
        from (select * from page order by id limit n) p), '[]'),
      'more', (select count(*) > n from page),
      'waiting', (select count(*) from invitations i
        where i.group_id = club and i.came_at is null and i.withdrawn_at is null),
      'came', (select count(*) from invitations i where i.group_id = club and i.came_at is not null)));
end $$;

-- To whom a letter may go out now, of those asked for (null: of all). Their links are made outside.
create function due_invitations(who bigint, club bigint, ids bigint[], n int, moment timestamptz)
returns table(id bigint, email text)
language plpgsql stable security definer set search_path = clubroom, pg_temp as $$
#variable_conflict use_column
begin
  perform _must_run(who, club);
  return query select i.id, i.email from invitations i
    where i.group_id = club and i.came_at is null and i.withdrawn_at is null and (ids is null or i.id = any(ids))
      and _letter_due(i, coalesce(moment, clock_timestamp())) order by i.id limit n;
end $$;

-- `letters` is JSON [{"invitation", "email", "mac", "sealed"}]. To each at most once a day; what is not due any more
-- is passed over. Answers how many went out, and how many the limits of the day hold back.
create function send_invitations(who bigint, club bigint, letters text, language text, limits text, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); one jsonb; inv invitations; wait_ms bigint;
  room bigint; sent bigint := 0; held bigint := 0;
begin
  wait_ms := _wait(limits, at_now);
  perform _lock(array[club, _admins_of(club)]);
  perform _must_run(who, club);
  if wait_ms is not null and jsonb_array_length(letters::jsonb) > 0 then
    return _refused('rate_limited', wait_ms);
  end if;
  room := _letters_left(limits, at_now);
  for one in select * from jsonb_array_elements(letters::jsonb) loop
    select * into inv from invitations where id = (one ->> 'invitation')::bigint and group_id = club;
    continue when inv.id is null or inv.email is distinct from one ->> 'email' or not _letter_due(inv, at_now);
    if sent < room and _mail_invitation(
        inv, decode(one ->> 'mac', 'hex'), decode(one ->> 'sealed', 'hex'), language, at_now) then
      sent := sent + 1;
    else
      held := held + 1;
    end if;
  end loop;
  if sent = 0 then return row(jsonb_build_object('sent', 0, 'held', held), null)::outcome; end if;
  perform _count_letters(limits, sent, at_now);
  perform _audit(club, who, 'invitations_sent_again', details => jsonb_build_object('n', sent));
  return row(jsonb_build_object('sent', sent, 'held', held), array[_append(_admins_of(club), null,
    json_build_object('type', 'invitations_sent', 'by', _sub(who), 'n', sent))])::outcome;
end $$;

-- An invitation of a club that `who` runs, and that is open.
create function _open_invitation(who bigint, club bigint, invitation bigint) returns invitations
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare inv invitations;
begin
  perform _lock(array[club]);
  perform _must_run(who, club);
  select * into inv from invitations
    where id = invitation and group_id = club and came_at is null and withdrawn_at is null;
  if inv.id is null then perform _fail('not_found'); end if;
  return inv;
end $$;

-- One more link of it, to be handed over by hand.
create function link_invitation(who bigint, club bigint, invitation bigint, link_mac bytea, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare inv invitations := _open_invitation(who, club, invitation);
begin
  perform _link_invitation(inv.id, link_mac, coalesce(moment, clock_timestamp()));
  perform _audit(club, who, 'invitation_link_made', inv.member, details => jsonb_build_object('invitation', inv.id));
  return row(null, null)::outcome;
end $$;

-- Of a member without a device it goes with the member.
create function withdraw_invitation(who bigint, club bigint, invitation bigint)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare inv invitations := _open_invitation(who, club, invitation);
begin
  if inv.member is not null then perform _fail('forbidden'); end if;
  perform _withdraw(array[inv.id]);
  perform _audit(club, who, 'invitation_withdrawn', details => jsonb_build_object('invitation', inv.id));
  return row(null, null)::outcome;
end $$;

-- --- coming ---------------------------------------------------------------------------------------------------

-- What a link opens for somebody (null: for whoever is not signed in). Nothing for whom the club has blocked: by their
-- account, or by the address at which they were invited before; the one that they sign in with is not looked at, else
-- whoever runs a club could try addresses until a link of theirs is dead. For ten minutes whoever came by it comes
-- again: the answer may have been lost.
create function _invitation_of(macs bytea[], who bigint, again_key uuid, moment timestamptz) returns invitations
language sql stable security definer set search_path = clubroom, pg_temp as $$
  select i.* from invitation_links l join invitations i on i.id = l.invitation_id join groups g on g.id = i.group_id
  where l.mac = any(macs) and l.expires_at > moment and i.withdrawn_at is null
    and g.deleted_at is null and g.suspended_at is null
    and (i.came_at is null or i.came_at > moment - interval '10 minutes' and i.came_key = again_key
      and coalesce(who, i.member) = i.member)
    and not exists (
      select 1 from club_blocks b
      where b.group_id = i.group_id and (b.user_id in (who, i.member)
        or exists (select 1 from invitations o
          where o.group_id = i.group_id and o.member = b.user_id and o.email = i.email))) $$;

-- Counted for the address as long as it need not wait; a right link opens all the same, as a right code does.
create function _wrong_invitation(limits text, address_limits text, wait_ms bigint, moment timestamptz) returns outcome
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  perform _count(limits, moment);
  if wait_ms is not null then return _refused('rate_limited', wait_ms); end if;
  perform _count(address_limits, moment);
  return _refused('invalid_code');
end $$;

create function preview_invitation(macs bytea[], address_limits text, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); wait_ms bigint; inv invitations;
begin
  wait_ms := _wait(address_limits, at_now);
  inv := _invitation_of(macs, null, null, at_now);
  if inv.id is null then return _wrong_invitation('[]', address_limits, wait_ms, at_now); end if;
  return row((select jsonb_build_object('club', g.name, 'sign', g.sign, 'colour', g.colour, 'name', inv.name,
      'by', (select name from users where id = inv.invited_by), 'managed', inv.member is not null,
      'members', (select count(*) from memberships where group_id = g.id and to_seq is null))
    from groups g where g.id = inv.group_id), null)::outcome;
end $$;

-- Comes into the club: `who` (null: somebody new, or whoever stood there without a device). The same `key` within ten
-- minutes comes once.
create function accept_invitation(
  macs bytea[], who bigint, as_sub text, as_name text, session uuid, device text, key uuid, limits text,
  address_limits text, account_limits text, members_max int, clubs_max int, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); wait_ms bigint; account_wait_ms bigint;
  inv invitations; person bigint := who; log logged[] := '{}';
begin
  wait_ms := _wait(limits, at_now);
  if wait_ms is not null then return _refused('rate_limited', wait_ms); end if;
  wait_ms := _wait(address_limits, at_now);
  account_wait_ms := _wait(account_limits, at_now);
  inv := _invitation_of(macs, who, key, at_now);
  if inv.id is not null then
    perform _lock_coming(inv, who);
    inv := _invitation_of(macs, who, key, at_now);
  end if;
  if inv.id is null then return _wrong_invitation(limits, address_limits, wait_ms, at_now); end if;
  if inv.came_at is not null then
    person := inv.member;
  elsif who is null and inv.member is not null then
    person := inv.member;
    log := _take_over(inv, as_name);
  else
    if who is null then
      if account_wait_ms is not null then return _refused('rate_limited', account_wait_ms); end if;
      perform _count(account_limits, at_now);
      log := array[_make_person(as_sub, coalesce(as_name, inv.name), false, at_now)];
      select id into person from users where sub = as_sub;
    end if;
    log := log || _come(inv, person, members_max, clubs_max);
  end if;
  if inv.came_at is null then
    update invitations set came_at = at_now, member = person, came_key = key where id = inv.id;
    delete from invitation_links where invitation_id = inv.id and mac <> all(macs);
    perform _audit(inv.group_id, person, 'came_by_invitation', person, details => jsonb_build_object('invitation', inv.id));
  end if;
  return row(case when who is null then _open_session(person, session, at_now, device)
      else _signed_in(who, session, 0) end
    || (select jsonb_build_object('group', id, 'name', name) from groups where id = inv.group_id), log)::outcome;
end $$;

-- The club, its admins' log and whoever comes; where a managed one stands for them all that these may be in, too.
create function _lock_coming(inv invitations, who bigint) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare gs bigint[] := array[inv.group_id, _self_group(who), _admins_of(inv.group_id)];
begin
  if inv.member is null then
    perform _lock(gs);
  else
    perform _lock(gs || _self_group(inv.member) || _groups_below(inv.group_id));
    perform _lock(_groups_below(inv.group_id));
  end if;
end $$;

-- Somebody new, or with an account of their own. Whoever stood there for them goes, and leaves them what they carried.
create function _come(inv invitations, person bigint, members_max int, clubs_max int) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare club bigint := inv.group_id; carried bigint[] := inv.labels; own bigint[]; log logged[] := '{}';
begin
  if inv.member is not null then
    carried := carried || array(select l.id from member_labels ml join labels l on l.id = ml.label_id
      where l.group_id = club and ml.user_id = inv.member);
    update invitations set member = null where id = inv.id;  -- else it would be withdrawn with them
    log := _out_of_club(club, inv.member, inv.member, _groups_below(club));
  end if;
  if _role(person, club) is null then
    if _clubs_of(person) >= clubs_max
       or (select count(*) from memberships where group_id = club and to_seq is null) >= members_max then
      perform _fail('full');
    end if;
    log := log || _enter_club(club, person, 'member');
  end if;
  own := array(select l.id from member_labels ml join labels l on l.id = ml.label_id
    where l.group_id = club and ml.user_id = person);
  carried := array(select distinct c from unnest(carried) c where c <> all(own) order by c
    limit greatest(0, 20 - cardinality(own)));  -- nobody is kept out by what they would carry
  return log || _add_labels(club, person, carried, inv.invited_by) || _settle(club, person, person, true);
end $$;

-- Nobody acts for them any more.
create function _arrive(who bigint) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare g bigint; log logged[] := '{}';
begin
  update users set managed = false where id = who;
  foreach g in array array(select distinct group_id from memberships where user_id = who order by group_id) loop
    log := log || _append(g, null, json_build_object('type', 'person_arrived', 'user', _sub(who)));
  end loop;
  return log;
end $$;

-- The one whom it was all about signs in as whoever stood there for them.
create function _take_over(inv invitations, as_name text) returns logged[]
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  return _arrive(inv.member) || _rename_managed(inv.member, coalesce(as_name, inv.name));
end $$;
