-- name: create_channel^
-- A room in a club; the same key again gives the same room.
select result, log from create_channel(
  :who, :club, :channel_key, :channel_name, :is_private, :about, :announcing, :lands, :channels_max, :own_max);

-- name: change_group^
-- A room or a club; what is not named stays.
select result, log from change_group(:who, :group_id, :change);

-- name: follow_channel^
-- Into one's own list, or out of it.
select result, log from follow_channel(:who, :group_id, :follow);

-- name: mute_group^
-- Quiet from it for so many seconds; null = for good, 0 = no longer.
select result, log from mute_group(:who, :group_id, :seconds, :moment);

-- name: set_level^
-- What one wants to be told of it; null = as its club says.
select result, log from set_level(:who, :group_id, :level);

-- name: add_members^
-- Members of the club into one of its rooms.
select result, log from add_members(:who, :group_id, :subs, :with_history);

-- name: open_dm^
-- The conversation of these people, made if there is none.
select result, log from open_dm(:who, :subs, :a_day_max);

-- name: block_person^
-- Or no more.
select result, log from block_person(:who, :target_sub, :block, :blocks_max);

-- name: blocked_people
-- Whom somebody has blocked.
select * from blocked_people(:who);
