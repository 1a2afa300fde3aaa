-- name: take_links
-- Messages whose link waits to be looked at, for as long as the lease lasts.
select * from take_links(:n, :lease_seconds, :tries_max, :moment) as taken;

-- name: postpone_link$
-- To be looked at later.
select postpone_link(:message, :at_round, :seconds, :counted, :moment);

-- name: settle_link$
-- There is nothing to show.
select settle_link(:message, :at_round);

-- name: open_page$
-- Whether it is fetched now, or known.
select open_page(:of_address, :host, :who, :fresh, :busy_seconds, :author_hour_max, :host_minute_max, :moment);

-- name: close_page$
-- What was found there.
select close_page(:of_address, :found, :seconds, :moment);

-- name: page_failed$
-- It did not answer.
select page_failed(:of_address, :again_seconds, :fails_max, :given_up_seconds, :moment);

-- name: forget_pages$
-- What was found longer than a day ago.
select forget_pages(:n, :kept, :moment);

-- name: keep_preview_picture$
-- Room for a picture, if there is any.
select keep_preview_picture(:message, :file, :bytes, :width, :height, :placeholder, :hour_max, :own_max, :club_max, :moment);

-- name: show_preview^
-- Once for each text of a message.
select result, log from show_preview(:message, :at_round, :link, :shown, :moment);

-- name: remove_preview^
-- By its author, or whoever runs the room.
select result, log from remove_preview(:who, :message);
