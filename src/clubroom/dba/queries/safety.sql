-- name: block_from_club^
-- Removed, if they are in it, and not let in again.
select result, log from block_from_club(:who, :club, :target_sub, :erase_s, :blocks_max);

-- name: unblock_from_club^
-- They may come in again.
select result, log from unblock_from_club(:who, :club, :target_sub);

-- name: club_blocks_of
-- Whom the club keeps out.
select club_blocks_of(:who, :club);

-- name: erase_some^
-- A piece of what removed people wrote.
select result, log from erase_some(:looked);

-- name: report_message^
-- A copy of it for those who run the club.
select result, log from report_message(:who, :message, :why, :to_club, :own_max, :club_max);

-- name: report_person^
-- Somebody, not one message.
select result, log from report_person(:who, :club, :target_sub, :why, :own_max, :club_max);

-- name: club_reports$
-- What is open, but for what is about whoever asks.
select club_reports(:who, :club, :most);

-- name: close_report^
-- It is gone, and with it the copy.
select result, log from close_report(:who, :club, :report);
