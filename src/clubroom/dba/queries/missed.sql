-- name: mail_wishes_of$
-- Which letters somebody wants.
select mail_wishes_of(:who);

-- name: set_mail_wishes^
-- From now on.
select result, log from set_mail_wishes(:who, :missed, :announcements, :moment);

-- name: mail_missed$
-- Looks at those who are due.
select mail_missed(:n, :moment);

-- name: news_of_letter$
-- What it says, read when it is sent.
select news_of_letter(:letter, :moment);
