-- name: open_connection$
-- A socket that has said nothing yet.
select open_connection(:connection, :state);

-- name: load_connection^
-- Its session, and the version to write it over.
select * from load_connection(:connection);

-- name: save_connection$
-- False = somebody else was quicker.
select save_connection(:connection, :seen, :state, :who, :device);

-- name: drop_connection$
-- It is gone.
select drop_connection(:connection);

-- name: all_connections
-- In portions, by id.
select * from all_connections(:after, :n);

-- name: connections_of
-- The sockets of one person.
select * from connections_of(:who);

-- name: connections_hearing
-- Who hears these actions, and which of them.
select * from connections_hearing(:group_id, :first, :last);

-- name: connections_showing
-- Who has a group before their eyes now.
select * from connections_showing(:group_id);
