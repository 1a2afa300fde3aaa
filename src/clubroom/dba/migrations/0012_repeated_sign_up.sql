-- A sign-up that is repeated with its key opens a session only when the password is proven and its limit has room:
-- until then it has signed nobody in, and no other device out.

-- The account that this key made in the last ten minutes, and what is to be proven; null = there is none.
drop function _account_of_key(uuid, text, text, uuid, timestamptz);
create function _account_of_key(asked uuid, as_name text, as_email text, moment timestamptz) returns jsonb
language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare found_id bigint; found_hash text; same boolean;
begin
  select u.id, c.password_hash, u.name = as_name and c.email is not distinct from as_email
    into found_id, found_hash, same
    from account_keys k join users u on u.sub = k.sub left join credentials c on c.user_id = u.id
    where k.key = asked and k.created_at > moment - interval '10 minutes';
  if found_id is null then return null; end if;
  if not same then perform _fail('id_conflict'); end if;
  return jsonb_build_object('known', jsonb_build_object('key', found_id, 'password_hash', found_hash));
end $$;

-- As in 0002, but a repeated one answers who it was instead of opening a session.
create or replace function create_account(
  account_key uuid, sub text, name text, email text, password_hash text, session uuid,
  limits text, taken_limits text, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare at_now timestamptz := coalesce(moment, clock_timestamp()); again jsonb; wait_ms bigint; made outcome;
begin
  again := _account_of_key(account_key, name, email, at_now);
  if again is not null then return row(again, null)::outcome; end if;
  wait_ms := greatest(_wait(limits, at_now), _wait(taken_limits, at_now));
  if wait_ms is not null then return _refused('rate_limited', wait_ms); end if;
  begin
    if account_key is not null then
      delete from account_keys where key = any(array(select key from account_keys
        where created_at <= at_now - interval '10 minutes' order by created_at limit 20 for update skip locked));
      -- waits for a twin of this call; a key whose ten minutes are over begins anew
      insert into account_keys as k (key, sub, created_at) values (account_key, create_account.sub, at_now)
        on conflict (key) do update set sub = excluded.sub, created_at = excluded.created_at
        where k.created_at <= at_now - interval '10 minutes';
      if not found then
        return row(_account_of_key(account_key, name, email, at_now), null)::outcome;
      end if;
    end if;
    made := _make_account(sub, name, email, password_hash, session, at_now);
  exception when unique_violation then
    perform _count(taken_limits, at_now);
    return _refused('address_taken');
  end;
  perform _count(limits, at_now);
  return made;
end $$;

-- After the proof: the hash is compared again, for it may have been changed meanwhile (null: there is no password).
create function open_again(who bigint, verified_hash text, session uuid, moment timestamptz)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare stored text;
begin
  select password_hash into stored from credentials where user_id = who for share;
  if stored is distinct from verified_hash then perform _fail('id_conflict'); end if;
  return row(_open_session(who, session, coalesce(moment, clock_timestamp()))
    || jsonb_build_object('repeated', true), null)::outcome;
end $$;
