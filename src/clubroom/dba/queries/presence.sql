-- name: renew_server$
-- The lease of this server; false = it had run out.
select renew_server(:server, :ttl);

-- name: leave_server$
-- A planned end: nobody of this server is online from now on.
select leave_server(:server);

-- name: set_online
-- Who came and how they are here, and who went, in one write; how those stand whom other servers name, too.
select user_id, state from set_online(:server, :came, :states, :went);

-- name: online_people$
-- Everybody who is online.
select online_people();

-- name: online_members^
-- How many of a group are online, and the first of them by name.
select * from online_members(:who, :group_id, :n);

-- name: members_of_those^
-- How many of these people are in a group, and the first of them by name.
select * from members_of_those(:who, :group_id, :people, :quiet, :n);
