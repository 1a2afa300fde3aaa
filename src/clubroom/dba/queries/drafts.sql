-- name: put_event_draft^
-- What was typed so far; nobody hears of it.
select result, log from put_event_draft(:who, :for_group, :draft_key, :based_on, :says, :drafts_max);

-- name: event_draft$
-- One with all that it says.
select event_draft(:who, :draft_key);

-- name: event_drafts_of$
-- Those of a room, or of a club with its rooms.
select event_drafts_of(:who, :of_group);

-- name: discard_event_draft^
-- Away with it.
select result, log from discard_event_draft(:who, :draft_key);

-- name: forget_event_drafts$
-- Those that nobody touched for long; true = there may be more.
select forget_event_drafts(:untouched_days, :n, :moment);
