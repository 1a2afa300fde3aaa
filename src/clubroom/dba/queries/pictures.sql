-- name: set_avatar^
-- One's own picture; null = none.
select result, log from set_avatar(:who, :file, :limits, :moment);

-- name: set_picture^
-- Of a club.
select result, log from set_picture(:who, :club, :file, :moment);

-- name: set_cover^
-- Of an event.
select result, log from set_cover(:who, :event, :file, :moment);
