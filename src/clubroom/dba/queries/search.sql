-- name: search_messages^
-- What somebody may read, the newest first.
select * from search_messages(:who, :words, :author, :club, :room, :after, :before, :has, :cursor_at, :cursor_id, :n);

-- name: fill_search$
-- The worker's: what was said since the last time; what came of it.
select fill_search(:most, :window_size);

-- name: seq_at$
-- The first message at a moment or after it.
select seq_at(:who, :group_id, :moment);
