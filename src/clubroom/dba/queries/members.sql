-- name: change_role^
-- Of a member of a club; with hand_over the asker steps down to admin at once.
select result, log from change_role(:who, :club, :target_sub, :new_role, :hand_over);

-- name: define_label^
-- A label of a club, or another name for it.
select result, log from define_label(:who, :club, :label_key, :label_name, :labels_max);

-- name: remove_label^
-- From the club, and from whoever carries it.
select result, log from remove_label(:who, :club, :label_key);

-- name: label_member^
-- Exactly these labels.
select result, log from label_member(:who, :club, :target_sub, :label_keys, :labels_max);

-- name: label_members^
-- One label to many, and from others.
select result, log from label_members(:who, :club, :label_key, :to_add, :to_remove, :labels_max);
