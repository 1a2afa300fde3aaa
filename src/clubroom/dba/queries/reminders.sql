-- name: remind_some^
-- Of one occurrence that is due; true = there may be more.
select result, log from remind_some(:n, :moment);

-- name: wish_reminders$
-- When somebody is reminded of an event; null = as everybody.
select wish_reminders(:who, :event_key, :wanted, :moment);

-- name: reminders_wished$
-- When they are.
select reminders_wished(:who, :event_key);

-- name: ask_again^
-- Reminds whoever has not answered.
select result, log from ask_again(:who, :event_key, :at_key, :moment);

-- name: pushed_events
-- What they tell.
select id, told from pushed_events(:ids);

-- name: mailed_question$
-- What a letter asks somebody.
select mailed_question(:who, :group, :at_key, :moment);
