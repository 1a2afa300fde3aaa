-- name: delete_club^
-- The end of a club, for everybody.
select result, log from delete_club(:who, :club, :said_name);

-- name: audit_of
-- What was done in a club, newest first.
select * from audit_of(:who, :club, :before, :kinds, :n);

-- name: erase_deleted$
-- A piece of what deleted clubs left; false = nothing is left.
select erase_deleted(:n, :grace_s);

-- name: is_host$
-- Whether somebody runs this place.
select is_host(:who);

-- name: host_clubs
-- From outside, the newest first.
select * from host_clubs(:who, :find, :before, :n);

-- name: suspend_club^
-- Or open it again.
select result, log from suspend_club(:who, :club, :suspend);

-- name: host_place$
-- How large it all is.
select host_place(:who);

-- name: keep_messages^
-- For so many days; null = for ever.
select result, log from keep_messages(:who, :days);

-- name: trim_old$
-- A piece of what is older than messages are kept; false = nothing is.
select trim_old(:n);
