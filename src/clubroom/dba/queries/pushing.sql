-- name: decide_notices$
-- Who is told of what was said; how many messages there were.
select decide_notices(:here, :n, :wait_seconds, :remote_wait_seconds, :moment);

-- name: tell_looking$
-- Which rooms are before people's eyes here, and how far they have come.
select tell_looking(:server, :groups, :people, :seqs);

-- name: set_push_target$
-- Where a signed-in device is reached from now on.
select set_push_target(:who, :device, :kind, :address, :p256dh, :auth, :moment);

-- name: drop_push_target$
-- It is not to be reached any more.
select drop_push_target(:device);

-- name: forget_push_address$
-- Nobody is reached there any more.
select forget_push_address(:gone);

-- name: push_target_of^
-- How a device is reached.
select * from push_target_of(:device);

-- name: push_test$
-- False = one is on its way.
select push_test(:who, :device, :moment);

-- name: take_pushes
-- What is due next, for as long as the lease lasts.
select * from take_pushes(:n, :lease_seconds, :good_seconds, :moment);

-- name: pushed_messages
-- What they say.
select * from pushed_messages(:groups, :seqs);

-- name: push_badges
-- user_id and badge of each.
select * from push_badges(:people);

-- name: close_pushes$
-- How they went.
select close_pushes(:ids, :seqs, :outcomes, :reasons, :moment);

-- name: postpone_pushes$
-- To be tried again.
select postpone_pushes(:ids, :waits, :reasons, :moment);

-- name: why_told$
-- What became of a message for somebody.
select why_told(:who, :device, :message);

-- name: forget_tellings$
-- True = there may be more.
select forget_tellings(:n, :moment);
