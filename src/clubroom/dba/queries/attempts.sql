-- name: forget_attempts$
-- A piece of what is over; true = there may be more.
select forget_attempts(:n, :moment);
