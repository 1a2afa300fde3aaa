-- name: sign_in_by_identity^
-- After an ID token that is right.
select result, log from sign_in_by_identity(:issuer, :sub, :sid, :email, :wanted_user, :spare_user, :called,
  :session, :identities_max, :limits, :device, :language, :moment);

-- name: use_round_trip^
-- Before its code is exchanged.
select result, log from use_round_trip(:challenge, :limits, :moment);

-- name: connect_identity^
-- One more way in.
select result, log from connect_identity(:who, :issuer, :sub, :identities_max, :language, :moment);

-- name: disconnect_identity^
-- One way in fewer.
select result, log from disconnect_identity(:who, :identity, :issuer, :only_issuer);

-- name: my_identities
-- By when they were connected.
select * from my_identities(:who);

-- name: issuer_of_session^
-- Where somebody who signs out here might sign out, too.
select * from issuer_of_session(:who, :session);

-- name: end_sessions_of_issuer^
-- Whoever has signed out there is signed out here.
select result, log from end_sessions_of_issuer(:issuer, :sub, :sid, :challenge, :moment);
