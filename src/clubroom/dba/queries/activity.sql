-- name: activity_of
-- What happened to somebody, the newest first, from a place on.
select entry, at, group_id, seq from activity_of(:who, :upto, :group_id, :seq, :n);

-- name: activity_news^
-- How far somebody has looked, and how much came since.
select seen, unseen from activity_news(:who, :looked, :most);

-- name: see_activity^
-- So far it was looked at.
select result, log from see_activity(:who, :upto);
