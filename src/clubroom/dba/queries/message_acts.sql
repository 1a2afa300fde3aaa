-- name: edit_message^
-- By its author alone.
select result, log from edit_message(:who, :message, :new_text, :called, :edits_max);

-- name: delete_message^
-- By its author, or whoever runs the room.
select result, log from delete_message(:who, :message);

-- name: add_emote^
-- Once for each person and kind.
select result, log from add_emote(:who, :message, :new_emote, :kinds_max, :emotes_max);

-- name: remove_emote^
-- One's own.
select result, log from remove_emote(:who, :message, :old_emote);

-- name: pin_message^
-- Or no more.
select result, log from pin_message(:who, :message, :pin, :pins_max);

-- name: pinned_messages
-- The newest pin first.
select * from pinned_messages(:who, :group_id);

-- name: message_by_id$
-- For quotes and links: one message, wherever it stands.
select message_by_id(:who, :message);

-- name: seen_by^
-- How many have seen a message, and the first of them.
select * from seen_by(:who, :message, :n);
