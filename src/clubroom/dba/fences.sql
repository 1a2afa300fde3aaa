-- Run after every migration, as often as one likes: owners, grants and row-level security for whatever is there.
-- Two roles fence the data: `clubroom_writer` owns the functions, `clubroom_app` may only EXECUTE them. A third one,
-- `clubroom_reader`, may only SELECT, and only what the person may read who asks; a fourth, `clubroom_gateway`, the same
-- columns of everybody's rows, for a gateway that judges each row itself. See the end of this file.
-- Where the database host gives only one role, the functions stay its own, and the rows open only to the search
-- path that they carry, which no connection of the app has (a setting of our own would need a superuser).
do $$
declare
  two_roles boolean := exists (select 1 from pg_roles where rolname = 'clubroom_writer')
                       and pg_has_role(current_user, 'clubroom_writer', 'member');
  item record;
begin
  for item in select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
              where n.nspname = 'clubroom' and c.relkind in ('r', 'p') loop
    execute format('alter table clubroom.%I enable row level security', item.name);
    execute format('alter table clubroom.%I force row level security', item.name);
    execute format('revoke all on clubroom.%I from public', item.name);
    execute format('drop policy if exists functions_only on clubroom.%I', item.name);
    if two_roles then
      execute format('create policy functions_only on clubroom.%I to clubroom_writer using (true) with check (true)', item.name);
      execute format('grant select, insert, update, delete on clubroom.%I to clubroom_writer', item.name);
    else
      execute format('create policy functions_only on clubroom.%I using (current_setting(''search_path'') = ''clubroom, pg_temp'')', item.name);
    end if;
  end loop;
  -- A view judges nothing itself: it reads as whoever asks, so that the policies above hold behind it.
  for item in select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
              where n.nspname = 'clubroom' and c.relkind = 'v' loop
    execute format('revoke all on clubroom.%I from public', item.name);
    if two_roles then
      execute format('grant select on clubroom.%I to clubroom_writer', item.name);
    end if;
  end loop;
  if two_roles then
    execute 'grant usage on schema clubroom to clubroom_writer, clubroom_app';
    execute 'grant create on schema clubroom to clubroom_writer';
    -- One that is to show more than whoever asks may read belongs to whoever owns the functions.
    for item in select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = 'clubroom' and c.relkind = 'v'
                  and not coalesce('security_invoker=true' = any(c.reloptions), false) loop
      execute format('alter view clubroom.%I owner to clubroom_writer', item.name);
    end loop;
  end if;
  -- Whoever owns the functions refreshes what they count; a materialized view is read through functions alone.
  for item in select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
              where n.nspname = 'clubroom' and c.relkind = 'm' loop
    execute format('revoke all on clubroom.%I from public', item.name);
    if two_roles then
      execute format('alter materialized view clubroom.%I owner to clubroom_writer', item.name);
    end if;
  end loop;
  for item in select p.oid::regprocedure::text as signature, p.proname as name from pg_proc p
              join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'clubroom' loop
    if two_roles then
      execute format('revoke all on function %s from public', item.signature);
      if item.name not like '\_%' then
        execute format('grant execute on function %s to clubroom_app', item.signature);
      end if;
      execute format('alter function %s owner to clubroom_writer', item.signature);
    else
      execute format('revoke all on function %s from public', item.signature);
    end if;
  end loop;
  if two_roles then
    execute 'revoke create on schema clubroom from clubroom_writer';
  end if;
end $$;

-- The reader sees the columns that are listed here, in the rows that the condition opens, and nothing else: a table or
-- column that comes later is closed until it is listed. Never here: credentials, sessions, codes, links, attempts,
-- hashes, old versions of a message, the record of what was done. Each (select …) runs once in a query.
-- The gateway sees the same columns, of all rows, and by the views who_… what belongs to whom.
do $$
declare
  two_roles boolean := exists (select 1 from pg_roles where rolname = 'clubroom_writer')
                       and pg_has_role(current_user, 'clubroom_writer', 'member');
  readable constant text := 'group_id = any ((select clubroom._fence_groups())::bigint[])';
  since_the_first constant text := ' and seq >= ((select clubroom._fence_first_seqs()) ->> group_id::text)::bigint';
  ones_own constant text := 'user_id = (select clubroom._fence_asker()) and ';
  of_a_message constant text := 'exists (select 1 from clubroom.messages m where m.id = message_id)';
  of_an_answer constant text := ' and (user_id = (select clubroom._fence_asker())'
    ' or group_id = any ((select clubroom._fence_managed())::bigint[])'
    ' or group_id in (select e.group_id from clubroom.events e where e.listed))';
  item record;
  reading record;
begin
  for reading in select rolname as role, case rolname when 'clubroom_reader' then 'what_one_reads' else 'what_all_read' end
                   as policy, case rolname when 'clubroom_reader' then '\_fence\_%' else '\_gateway\_%' end as functions
                 from pg_roles where rolname in ('clubroom_reader', 'clubroom_gateway') loop
    for item in select c.relname as name, c.relkind as kind from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = 'clubroom' and c.relkind in ('r', 'p', 'v', 'm') loop
      execute format('revoke all on clubroom.%I from %I', item.name, reading.role);
      if item.kind in ('r', 'p') then
        execute format('drop policy if exists %I on clubroom.%I', reading.policy, item.name);
      end if;
    end loop;
    for item in select p.oid::regprocedure::text as signature, p.proname like reading.functions as granted from pg_proc p
                join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'clubroom' loop
      execute format('revoke all on function %s from %I', item.signature, reading.role);
      if two_roles and item.granted then
        execute format('grant execute on function %s to %I', item.signature, reading.role);
      end if;
    end loop;
    continue when not two_roles;  -- its policies would stand beside one that a search path opens
    execute format('grant usage on schema clubroom to %I', reading.role);
    for item in select * from (values
        ('groups', 'id, kind, parent, members_of, name, head, created_at, description, announce, landing, archived_at,'
           ' rooms_by_admins, dms_off, time_zone, language, sign, colour, history, joining_paused, members_invite,'
           ' default_level, events_by_members, suspended_at', 'id = any ((select clubroom._fence_groups())::bigint[])'),
        ('memberships', 'group_id, user_id, role, since_seq, to_seq, opened_at', readable),
        ('users', 'id, sub, name, managed, gone_at', 'id = any ((select clubroom._fence_people())::bigint[])'),
        ('messages', 'id, group_id, seq, author, sent_at, text, reply_to, images, preview, edited_at, deleted_at',
           readable || since_the_first),
        ('actions', 'group_id, seq, at, body', readable || since_the_first),
        ('labels', 'id, key, group_id, name', readable),
        ('member_labels', 'user_id, label_id', 'exists (select 1 from clubroom.labels l where l.id = label_id)'),
        ('club_emotes', 'file_id, group_id, name', readable),
        ('emotes', 'message_id, emote, user_id', of_a_message),
        ('pins', 'group_id, message_id, seq', of_a_message),
        ('read_pointers', 'user_id, group_id, seq, seen, moved_at', ones_own || readable),
        ('follows', 'user_id, group_id, is_on', ones_own || readable),
        ('mutes', 'user_id, group_id, until', ones_own || readable),
        ('levels', 'user_id, group_id, level', ones_own || readable),
        ('events', 'group_id, key, by_user, says, places, guests_max, closes_min, listed, over_at, changed_at, cancelled_at',
           readable),
        ('occurrences', 'group_id, key, starts_at, ends_at, place, cancelled', readable),
        ('answers', 'group_id, key, user_id, answer, guests, note, standing, label, at, by_user, until, again',
           readable || of_an_answer)
      ) as open(name, columns, condition) loop
      execute format('grant select (%s) on clubroom.%I to %I', item.columns, item.name, reading.role);
      execute format('create policy %I on clubroom.%I for select to %I using (%s)', reading.policy, item.name, reading.role,
        case reading.role when 'clubroom_reader' then item.condition else 'true' end);
    end loop;
    for item in select * from (values
        ('group_people', 'group_id, people', false),
        ('event_attendance', 'group_id, key, going, maybe, no, waiting, taken', false),
        ('messages_seen', 'message_id, group_id, user_id, moved_at', false),
        ('who_reads', 'reader, user_id, group_id', true),
        ('who_reads_messages', 'reader, message_id', true),
        ('who_reads_actions', 'reader, group_id, seq', true),
        ('who_reads_answers', 'reader, group_id, key, user_id', true),
        ('who_reads_labels', 'reader, label_id', true),
        ('who_meets', 'reader, user_id', true)
      ) as shown(name, columns, for_gateways) loop
      if reading.role = 'clubroom_gateway' or not item.for_gateways then
        execute format('grant select (%s) on clubroom.%I to %I', item.columns, item.name, reading.role);
      end if;
    end loop;
  end loop;
end $$;
