-- name: ask_file^
-- A file that somebody is about to bring, or which limit it would pass.
select result, log from ask_file(:who, :file, :group_id, :purpose, :kind, :type, :file_name, :length,
  :open_max, :day_max, :own_max, :club_max, :moment);

-- name: file_of$
-- One's own.
select file_of(:who, :file);

-- name: file_uploaded$
-- Its bytes are there.
select file_uploaded(:who, :file, :moment);

-- name: drop_file$
-- One's own that nothing shows.
select drop_file(:who, :file, :moment);

-- name: take_file$
-- The next to be looked at, for as long as the lease lasts.
select take_file(:lease_seconds, :tries_max, :moment);

-- name: postpone_file$
-- To be looked at later.
select postpone_file(:file, :seconds, :counted, :moment);

-- name: file_ready$
-- False = it is wanted no more.
select file_ready(:file, :sizes, :bytes, :width, :height, :placeholder, :moment);

-- name: refuse_file$
-- It cannot be shown.
select refuse_file(:file, :why);

-- name: files_seen
-- Those of these that somebody may see.
select * from files_seen(:who, :ids);

-- name: files_usage$
-- What a club has in the store.
select files_usage(:who, :club, :most);

-- name: files_room$
-- What of their limits somebody has used.
select files_room(:who, :group_id, :moment);

-- name: my_files
-- What they brought, a piece of it.
select * from my_files(:who, :after, :n) as file;

-- name: take_gone_files
-- What is to be deleted from the store.
select * from take_gone_files(:n, :lease_seconds, :moment) as file;

-- name: files_cleared$
-- It is deleted.
select files_cleared(:ids, :moment);

-- name: file_states
-- How these stand; what is not there is left out.
select * from file_states(:ids);

-- name: files_to_post
-- What of these may stand in a message of its owner.
select * from files_to_post(:who, :ids) as image;
