-- name: refresh_statistics$
-- Counts anew, where it is due and anything was written; true = it was.
select refresh_statistics(:every_s, :moment);

-- name: statistics_of$
-- Numbers about a club.
select statistics_of(:who, :club, :live_max, :events_max, :months_max, :moment);
