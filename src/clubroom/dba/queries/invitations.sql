-- name: invite_people^
-- The same key again answers the same.
select result, log from invite_people(:who, :club, :call_key, :mac_of_call, :people, :as_members, :language, :limits,
  :open_max, :members_max, :moment);

-- name: invitations_of$
-- A page of them, and how many have come, for whoever runs the club.
select invitations_of(:who, :club, :after, :waiting, :n, :moment);

-- name: due_invitations
-- To whom a letter may go out now.
select * from due_invitations(:who, :club, :ids, :n, :moment);

-- name: send_invitations^
-- Once more.
select result, log from send_invitations(:who, :club, :letters, :language, :limits, :moment);

-- name: link_invitation^
-- One more link of it.
select result, log from link_invitation(:who, :club, :invitation, :link_mac, :moment);

-- name: withdraw_invitation^
-- It opens nothing any more.
select result, log from withdraw_invitation(:who, :club, :invitation);

-- name: preview_invitation^
-- What a link opens.
select result, log from preview_invitation(:macs, :address_limits, :moment);

-- name: accept_invitation^
-- Into the club by a link.
select result, log from accept_invitation(:macs, :who, :as_sub, :as_name, :session, :device, :key, :limits,
  :address_limits, :account_limits, :members_max, :clubs_max, :moment);

-- name: rename_managed^
-- A member without a device, by whoever runs the club.
select result, log from rename_managed(:who, :club, :target_sub, :new_name);

-- name: put_contact^
-- How one is reached, for one club.
select result, log from put_contact(:who, :club, :address, :phone_number, :said, :seen_by);

-- name: club_contacts$
-- As much of it as the asker may see.
select club_contacts(:who, :club);
