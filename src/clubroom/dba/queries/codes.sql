-- name: club_codes
-- All codes that are not revoked, as this person sees them.
select club_codes(:who, :club);

-- name: create_code^
-- One more; the same key again gives the same one. With reset all others are over.
select result, log from create_code(:who, :club, :code_key, :code_mac, :code_sealed, :said, :reset, :limits, :codes_max, :moment);

-- name: change_code^
-- What is named changes.
select result, log from change_code(:who, :club, :code, :said, :limits, :moment);

-- name: revoke_code^
-- It opens nothing any more.
select result, log from revoke_code(:who, :club, :code, :moment);

-- name: join_requests_of$
-- Those who wait.
select join_requests_of(:who, :club, :most);

-- name: answer_request^
-- Somebody who waits is let in, or is not.
select result, log from answer_request(:who, :club, :target_sub, :accept, :members_max, :clubs_max);

-- name: my_requests
-- What one waits for oneself.
select my_requests(:who);

-- name: withdraw_request^
-- One waits no more.
select result, log from withdraw_request(:who, :request);
