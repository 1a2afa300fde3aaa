-- name: create_event^
-- With its card; the same key again gives the same event.
select result, log from create_event(
  :who, :for_group, :event_key, :says, :listed, :card, :card_text, :card_mac, :events_max);

-- name: change_event^
-- As it is to be from now on; false = it is not any more what the change starts from.
select result, log from change_event(:who, :event_key, :says, :listed, :seen, :moment);

-- name: cancel_event^
-- All of it, or one occurrence.
select result, log from cancel_event(:who, :event_key, :at_key);

-- name: answer_event^
-- For oneself, or for a member by who runs it.
select result, log from answer_event(
  :who, :event_key, :at_key, :as_answer, :with_guests, :with_note, :target_sub, :past_all, :moment);

-- name: answers_of$
-- Who said what.
select answers_of(:who, :event_key, :at_key);

-- name: event_said$
-- What an event is, for whoever may change it.
select event_said(:who, :event_key);

-- name: lapse_offers^
-- Those of one event that nobody took; true = there may be more.
select result, log from lapse_offers(:moment);

-- name: tick_door^
-- Who came to one occurrence, as it was ticked at the door.
select result, log from tick_door(:who, :event_key, :at_key, :said, :moment);

-- name: door_of$
-- Everybody who could come, with what they said and whether they came.
select door_of(:who, :event_key, :at_key);
