-- name: notify!
-- A letter to all servers that listen; in no transaction but its own.
select pg_notify(:channel, :letter);
