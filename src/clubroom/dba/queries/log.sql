-- name: installation_epoch$
-- Which database this is (L6).
select installation_epoch();

-- name: database_now$
-- The clock that all servers share.
select now();

-- name: messages_before
-- A page, newest first; the room turns it round.
select * from messages_before(:who, :group_id, :before, :n);

-- name: messages_from
-- A page, oldest first.
select * from messages_from(:who, :group_id, :first, :n);

-- name: readable_groups
-- Heads, first readable seqs and pointers for the groups of a claim or of cursors, judged.
select * from readable_groups(:who, :groups);

-- name: group_ids
-- Only where a token could not list the groups.
select * from group_ids(:who);

-- name: actions_after
-- The replay: one query for all cursors.
select * from actions_after(:who, :groups, :after, :n);

-- name: log_after
-- To fill a gap in live delivery.
select * from log_after(:group_id, :after, :n);

-- name: group_heads
-- Where logs stand, for the servers themselves.
select * from group_heads(:groups);

-- name: snapshot$
-- The state of a group at one moment.
select snapshot(:who, :group_id, :since, :n);

-- name: my_groups
-- A person's groups with names and unread, for the first screen.
select * from my_groups(:who);

-- name: move_read_pointers
-- Many pointers in one write.
select * from move_read_pointers(:users, :groups, :seqs);

-- name: move_read_pointer$
-- One pointer, and where it stands now.
select move_read_pointer(:who, :group_id, :seq);

-- name: move_read_pointer_back$
-- Unread from here, by hand.
select move_read_pointer_back(:who, :group_id, :seq);
