-- name: renew_server$
-- The lease of this server; false = it had run out.
select renew_server(:server, :ttl);

-- name: leave_server$
-- A planned end: nobody of this server is online from now on.
select leave_server(:server);

-- name: set_online$
-- Who came and who went, in one write.
select set_online(:server, :came, :went);

-- name: online_members^
-- How many of a group are online, and the first of them by name.
select * from online_members(:who, :group_id, :n);
