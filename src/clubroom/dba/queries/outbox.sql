-- name: take_outbox^
-- What is due next, for as long as the lease lasts.
select * from take_outbox(:openers, :lease_seconds, :moment);

-- name: close_outbox$
-- Sent, or given up.
select close_outbox(:letter, :reason, :moment);

-- name: postpone_outbox$
-- To be tried again.
select postpone_outbox(:letter, :reason, :wait_seconds, :moment);
