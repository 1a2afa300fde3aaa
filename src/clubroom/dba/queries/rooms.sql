-- name: create_channel^
-- A room in a club; the same key again gives the same room.
select result, log from create_channel(
  :who, :club, :channel_key, :channel_name, :is_private, :about, :announcing, :lands, :channels_max, :own_max);

-- name: change_channel^
-- Null = as it was.
select result, log from change_channel(:who, :group_id, :new_name, :about, :announcing, :lands, :archive);

-- name: change_club^
-- What its owner decides; null = as it was.
select result, log from change_club(:who, :club, :rooms_by_admins, :dms_off);

-- name: follow_channel^
-- Into one's own list, or out of it.
select result, log from follow_channel(:who, :group_id, :follow);

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
