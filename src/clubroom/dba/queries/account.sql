-- name: ask_verification^
-- The letter that asks whether an address is right, once more.
select result, log from ask_verification(:who, :limits, :language, :moment);

-- name: verify_email^
-- By the link in that letter.
select result, log from verify_email(:macs, :limits, :moment);

-- name: ask_password^
-- A letter with a link to a new password, to whoever has this address.
select result, log from ask_password(:email, :limits, :language, :moment);

-- name: reset_password^
-- By the link in that letter.
select result, log from reset_password(:macs, :new_hash, :session, :limits, :device, :language, :moment);

-- name: open_mail_link$
-- When a letter is sent whose link is made then.
select open_mail_link(:letter, :link_mac, :moment);

-- name: change_profile^
-- Name, time zone, language, whether one is to be seen.
select result, log from change_profile(:who, :changes, :limits, :moment);

-- name: invisible_of$
-- Who of these people is not to be seen.
select invisible_of(:people);

-- name: set_quiet_hours^
-- All the hours at which one is told nothing.
select result, log from set_quiet_hours(:who, :spans, :zone);

-- name: my_quiet_hours$
-- Null = none.
select my_quiet_hours(:who);

-- name: my_sessions
-- Devices that are signed in.
select * from my_sessions(:who, :unused_seconds, :moment);

-- name: end_sessions^
-- One device, or all but one, or all.
select result, log from end_sessions(:who, :which, :kept, :moment);

-- name: add_passkey^
-- One more way in.
select result, log from add_passkey(
  :who, :passkey, :public_key, :sign_count, :name, :challenge, :passkeys_max, :language, :moment);

-- name: remove_passkey^
-- One way in fewer.
select result, log from remove_passkey(:who, :passkey, :issuer);

-- name: my_passkeys
-- By when they were made.
select * from my_passkeys(:who);

-- name: passkey_by_id^
-- What a signature is verified against.
select * from passkey_by_id(:passkey);

-- name: sign_in_by_passkey^
-- After a right signature.
select result, log from sign_in_by_passkey(:passkey, :sign_count, :challenge, :session, :device, :moment);

-- name: leaving$
-- What stands in the way of deleting an account.
select leaving(:who);

-- name: delete_account^
-- Out of everything, and gone.
select result, log from delete_account(:who, :verified_hash, :challenge, :erase, :language, :moment);

-- name: go_on_leaving^
-- A piece of what somebody wrote who has deleted their account.
select result, log from go_on_leaving(:looked);

-- name: my_data$
-- What is known of somebody, but for what they wrote.
select my_data(:who);

-- name: my_places
-- Where they may have written.
select * from my_places(:who);

-- name: my_writing
-- What they wrote in one group, a piece of it.
select * from my_writing(:who, :group_id, :after, :looked);

-- name: count_within^
-- Before something that may be done only so often.
select result, log from count_within(:limits, :moment);

-- name: hand_sign_in_link^
-- For a member who has lost every device, by whoever runs the club.
select result, log from hand_sign_in_link(:who, :club, :target_sub, :link_mac, :open_seconds, :moment);
