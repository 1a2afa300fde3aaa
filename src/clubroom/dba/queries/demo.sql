-- name: become_writer!
-- Row-level security is forced on the owner too; the owner may become the role that its policies know.
set local role clubroom_writer;

-- name: move_into_the_past!
-- A log tells its whole story at the moment it is made: gives every action and message of a group its own time, in
-- the order of the log. No function does this, so the role that serves cannot.
with moved as (
  update clubroom.actions a set at = t.at
  from unnest(cast(:times as timestamptz[])) with ordinality as t(at, seq)
  where a.group_id = :group_id and a.seq = t.seq
  returning a.seq, a.at)
update clubroom.messages m set sent_at = moved.at
from moved where m.group_id = :group_id and m.seq = moved.seq;

-- name: files_with_their_messages!
-- What goes along with a message is as old as it.
update clubroom.files f set asked_at = m.sent_at, ready_at = m.sent_at, used_at = m.sent_at
from clubroom.messages m where m.group_id = :group_id and f.message_id = m.id;

-- name: memberships_with_their_logs!
-- Whoever came then has been there since then: what was said later is new to them.
update clubroom.memberships m set opened_at = a.at
from clubroom.actions a where m.group_id = :group_id and a.group_id = m.group_id and a.seq = m.since_seq;

-- name: edits_with_their_logs!
-- The time of an edit is that of its last action.
update clubroom.messages m set edited_at = a.at
from (select target, max(at) as at from clubroom.actions
      where group_id = :group_id and convert_from(body, 'UTF8')::jsonb ->> 'type' = 'message_edited' group by target) a
where m.id = a.target;
