-- Where what came in the migrations before this one meets.

-- As in 0009, and labels call, too: whoever may call nobody by one may not do so by an edit.
create or replace function edit_message(who bigint, message uuid, new_text text, called text, edits_max int)
returns outcome language plpgsql security definer set search_path = clubroom, pg_temp as $$
declare m messages := _message(who, message); entry logged; reader readers;
begin
  perform _standing(m);
  select * into reader from readers where user_id = who and group_id = m.group_id;
  if m.author <> who or not reader.may_post then perform _fail('forbidden'); end if;
  if m.text = new_text then return row(null, null)::outcome; end if;
  if called is not null and not reader.manages and not _may_call(who, called)
     and (select kind from groups where id = m.group_id) <> 'dm' then
    perform _fail('forbidden');
  end if;
  if (select count(*) from message_versions where message_id = m.id) >= edits_max then perform _fail('full'); end if;
  perform _rewrite(m, new_text);
  delete from mentions n where n.group_id = m.group_id and n.seq = m.seq
    and not coalesce(called::jsonb ? _called_as(n.user_id), false);
  entry := _append(m.group_id, m.id, json_build_object('type', 'message_edited', 'id', m.id, 'text', new_text));
  insert into message_versions(message_id, until_seq, text) values (m.id, entry.seq, m.text);
  update messages set text = new_text, edited_at = entry.at where id = m.id;
  return row(null, array[entry])::outcome;
end $$;

-- All that hangs on a group beside its log (erase_deleted in 0016).
create function _forget_group(gr groups) returns void
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  delete from read_pointers where group_id = gr.id;
  delete from follows where group_id = gr.id;
  delete from labels where group_id = gr.id;
  delete from club_blocks where group_id = gr.id;
  delete from contacts where group_id = gr.id;
  delete from invitations where group_id = gr.id;
  delete from reports where group_id = gr.id;
  delete from join_requests where group_id = gr.id;
  delete from erasures where group_id = gr.id;
  delete from search_marks where group_id = gr.id;
  update memberships set came_by = null where group_id = gr.id and came_by is not null;
  delete from join_codes where group_id = gr.id;
  delete from audit where group_id = gr.id;
  delete from club_keys where group_id = gr.id and gr.kind <> 'club';  -- whoever repeats making the club makes no other
  update groups set description = '', name = case when gr.kind = 'club' then name else '-' end,
    erased_at = clock_timestamp() where id = gr.id;
end $$;

-- Whatever else is known of somebody and is not what they said (delete_account in 0023).
create function _forget_person(who bigint) returns void
language sql security definer set search_path = clubroom, pg_temp as $$
  delete from attempts a using credentials c
    where c.user_id = who and a.kind in ('sign_in', 'letter') and starts_with(a.whom, c.email || ' ');
  delete from credentials where user_id = who;
  delete from passkeys where user_id = who;
  delete from mail_links where user_id = who;
  delete from read_pointers where user_id = who;
  delete from follows where user_id = who;
  delete from person_blocks where user_id = who or blocked = who;
  delete from account_keys where sub = _sub(who);
  delete from club_keys where user_id = who;
  delete from contacts where user_id = who;
  delete from invitations where member = who;
  delete from join_requests where user_id = who;
  delete from reports where reporter = who $$;
