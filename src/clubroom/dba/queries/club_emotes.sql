-- name: define_club_emote^
-- A picture of the club under a name, or another name for it.
select result, log from define_club_emote(:who, :club, :file, :emote_name, :emotes_max);

-- name: remove_club_emote^
-- Its name stays in texts and reactions.
select result, log from remove_club_emote(:who, :club, :file);
