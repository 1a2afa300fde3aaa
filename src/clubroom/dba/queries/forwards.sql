-- name: take_forwards
-- The oldest that nobody has in hand.
select * from take_forwards(:gs, :n, :lease_seconds);

-- name: close_forwards$
-- They were handed on.
select close_forwards(:ids);

-- name: forget_forwards$
-- A piece of what is too old to be of use; true = there may be more.
select forget_forwards(:n);

-- name: tellings_wait$
-- Whether somebody is to be told of something soon.
select tellings_wait(:within_seconds);
