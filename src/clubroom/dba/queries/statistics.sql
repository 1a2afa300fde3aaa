-- name: statistics_due$
-- Whether to count now; whoever is told so is the only one for a while.
select statistics_due(:every_s, :moment);

-- name: refresh_statistics$
-- Counts anew; false = somebody else does.
select refresh_statistics(:moment);

-- name: statistics_of$
-- Numbers about a club.
select statistics_of(:who, :club, :live_max, :events_max, :months_max, :moment);
