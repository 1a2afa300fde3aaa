-- name: create_club^
-- A club, its admins' group, its owner and its code; the same key again gives the same club.
select result, log from create_club(:who, :club_key, :club_name, :code_mac, :code_sealed, :clubs_max, :moment);

-- name: join_club^
-- By a code. Wrong ones are counted, for the person and for the address.
select result, log from join_club(:who, :code_macs, :answer, :limits, :address_limits, :asking_limits, :members_max, :clubs_max, :waiting_max, :asked_max, :moment);

-- name: preview_club^
-- What a code opens, before one has joined.
select result, log from preview_club(:code_macs, :limits, :moment);

-- name: shown_club^
-- Name and picture, for whoever draws a preview of a link.
select result, log from shown_club(:code_macs, :limits, :moment);

-- name: club_code$
-- A valid code, sealed, for owners and admins, and for members whom the club lets invite.
select club_code(:who, :club, :moment);

-- name: remove_member^
-- Leaving or being removed, from the club and from every group below it; what they wrote may go, too.
select result, log from remove_member(:who, :club, :target_sub, :erase_s);
