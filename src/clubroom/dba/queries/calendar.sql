-- name: open_calendar^
-- What addresses are made of.
select result, log from open_calendar(:who, :fresh, :anew);

-- name: calendar_at$
-- What is read at an address.
select calendar_at(:nonce, :club, :since, :most);

-- name: calendar_of$
-- One event.
select calendar_of(:who, :event_key, :most);
