-- name: create_account^
-- A person with their self group and first device; the same key again within ten minutes names the same one.
select result, log from create_account(:account_key, :sub, :name, :email, :password_hash, :session,
  :limits, :taken_limits, :device, :language, :moment);

-- name: open_again^
-- One more device of whoever repeated their sign-up and proved that it was theirs.
select result, log from open_again(:who, :verified_hash, :session, :device, :moment);

-- name: try_sign_in^
-- What to verify a password against; counted before it is verified.
select result, log from try_sign_in(:email, :limits, :address_limits, :moment);

-- name: count_wrong^
-- A wrong password, under the limits of the address it came from.
select result, log from count_wrong(:limits, :moment);

-- name: wait_ms$
-- How long somebody has to wait, asked before work that is dear to do in vain.
select wait_ms(:limits, :moment);

-- name: forgive^
-- A right password, after which the tries before it count for nothing.
select result, log from forgive(:limits);

-- name: sign_in^
-- A new device after a right password.
select result, log from sign_in(:who, :verified_hash, :session, :limits, :device, :moment);

-- name: sign_in_of^
-- How a person signs in, if they set it.
select * from sign_in_of(:who);

-- name: set_sign_in^
-- E-mail and password, first or changed.
select result, log from set_sign_in(
  :who, :session, :new_email, :new_hash, :verified_hash, :taken_limits, :limits, :language, :moment);

-- name: rotate_session^
-- The next refresh token of a device; a replay ends the session.
select result, log from rotate_session(:session, :used_generation, :unused_seconds, :moment);

-- name: reading_groups$
-- For a token to read with: the groups of a person whose device is signed in.
select reading_groups(:who, :session);

-- name: end_session^
-- One device signs out.
select result, log from end_session(:who, :session, :moment);

-- name: ended_sessions
-- Polled by every server, so that a sign-out is known everywhere within two seconds.
select * from ended_sessions(:since);

-- name: create_sign_in_link^
-- One use, for one's next device; asked for by a session that is open.
select result, log from create_sign_in_link(:who, :session, :link_mac, :open_seconds, :moment);

-- name: sign_in_by_link^
-- A new device by a link.
select result, log from sign_in_by_link(:link_macs, :session, :address_limits, :device, :moment);

-- name: me^
-- Name and address of the person themselves.
select * from me(:who);
