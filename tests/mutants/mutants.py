"""The mistakes: each is one that servers of chats have made. `tests` are those that must notice."""

from dataclasses import dataclass

SESSION = "tests/notification/test_session.py"
DELIVER = "tests/notification/test_deliver.py"
RESUME = "tests/notification/test_resume.py"
ACTS = "tests/chat/test_message_acts.py"
ROOMS = "tests/chat/test_channels.py"
MESSAGES = "tests/chat/test_messages.py"
WHO_COMES = "tests/auth/issuer/test_who_comes.py"
FETCH = "rows: list[Any] = await connection.fetch(ask, *columns)"


@dataclass(frozen=True)
class Mutant:
    """In `file` of src/clubroom, `old` becomes `new`. `why` it matters is one sentence."""

    name: str
    file: str
    old: str
    new: str
    why: str
    tests: tuple[str, ...]


PURE = [
    Mutant(
        "an expired token is taken on a live socket",
        "notification/session.py",
        "if claims.expires_at <= wall:",
        "if state.claims is None and claims.expires_at <= wall:",
        "Whoever copied a token once would stay for ever.",
        (SESSION,),
    ),
    Mutant(
        "another device's token is taken",
        "notification/session.py",
        "claims.session != state.claims.session or claims.user",
        "claims.user",
        "Signing a device out would not close its sockets.",
        (SESSION,),
    ),
    Mutant(
        "hello is taken twice",
        "notification/session.py",
        'if state.phase != "silent":',
        'if state.phase == "checking":',
        "A second replay would run beside the first.",
        (SESSION,),
    ),
    Mutant(
        "frames are taken while the token is checked",
        "notification/session.py",
        'greeted = state.phase in ("resuming", "live")',
        'greeted = state.phase in ("checking", "resuming", "live")',
        "Something would be done for somebody who has shown nothing yet.",
        (SESSION,),
    ),
    Mutant(
        "a refused post stays under way",
        "notification/session.py",
        "under_way = state.under_way - 1 if message_id is not None else state.under_way",
        "under_way = state.under_way",
        "After a hundred refusals nobody could post on this socket any more.",
        (SESSION,),
    ),
    Mutant(
        "what was got is forgotten with the next got",
        "notification/session.py",
        "got = state.got | seqs",
        "got = seqs",
        "Each pong would send every client to pull what it has.",
        (SESSION,),
    ),
    Mutant(
        "five hundred cursors are one too many",
        "notification/session.py",
        "len(hello.cursors) > wire.CURSORS_MAX",
        "len(hello.cursors) >= wire.CURSORS_MAX",
        "A client at the limit it was told would never come in.",
        (SESSION,),
    ),
    Mutant(
        "a bucket never refills",
        "bucket.py",
        "left = min(burst, self.left + (now - self.at) * rate)",
        "left = min(burst, self.left)",
        "After a hundred messages in their life nobody could post.",
        (SESSION,),
    ),
    Mutant(
        "a room is entered wherever it stands",
        "notification/deliver.py",
        "        if room.head != sent:\n            return False\n",
        "",
        "What was committed between replay and live would be lost or doubled.",
        (DELIVER,),
    ),
    Mutant(
        "a cut is not obeyed",
        "notification/deliver.py",
        "in self.people.get(key, ()):\n            receiver.disturbed += 1\n"
        "            self._detach(receiver, group)\n",
        "in self.people.get(key, ()):\n            receiver.disturbed += 1\n",
        "A removed member would go on hearing.",
        (DELIVER,),
    ),
    Mutant(
        "whoever joins hears what came before, too",
        "notification/deliver.py",
        "                self._send(room, group, stretch)\n                stretch = []\n"
        "                self._let_in(entry.joined, room, group)\n",
        "                self._let_in(entry.joined, room, group)\n",
        "Somebody would hear what their membership does not open.",
        (DELIVER,),
    ),
    Mutant(
        "what was heard is heard again",
        "notification/deliver.py",
        "entries = [entry for entry in entries if entry.seq > room.head]",
        "entries = [entry for entry in entries if entry.seq >= room.head]",
        "A bus that repeats would double messages.",
        (DELIVER,),
    ),
    Mutant(
        "a gap is passed over",
        "notification/deliver.py",
        "        if entries[0].seq != room.head + 1:\n            return False\n",
        "",
        "What was lost between a commit and here would be lost for everybody.",
        (DELIVER,),
    ),
]

WITH_DATABASE = [
    Mutant(
        "a cursor at the head is beyond it",
        "notification/resume.py",
        "if seq > readable.head:",
        "if seq >= readable.head:",
        "Every client that is up to date would load everything anew.",
        (f"{RESUME}::test_a_returning_device_is_sent_what_it_missed_before_live",),
    ),
    Mutant(
        "another database's cursors are believed",
        "notification/resume.py",
        "foreign=said.epoch is not None and said.epoch != epoch",
        "foreign=False",
        "After a restore, clients would show what never happened.",
        (f"{RESUME}::test_a_client_of_another_database_starts_afresh",),
    ),
    Mutant(
        "a membership that changes on the way in is not judged again",
        "notification/resume.py",
        "            while self._disturbed:\n                await self._judge_again()\n"
        "            # no await",
        "            # no await",
        "Whoever joins while they come in would hear nothing of the club.",
        ("tests/notification/test_entrance.py",),
    ),
    Mutant(
        "one who is far behind is not told so",
        "notification/resume.py",
        "await self.hub.fill(group)\n        await self._tell_behind()",
        "await self.hub.fill(group)",
        "They would be live with a hole behind them.",
        (f"{RESUME}::test_a_device_too_far_back_is_told_so_and_pulls_the_rest",),
    ),
    Mutant(
        "what is not committed is told",
        "dba/posting.py",
        FETCH,
        f"async with connection.transaction():\n                {FETCH}\n"
        "                self.database.publish(_entries(messages, rows))",
        "Everybody would see a message that is then lost.",
        ("tests/chat/test_commits.py",),
    ),
    Mutant(
        "a refused post is acknowledged",
        "dba/posting.py",
        '    "id_conflict": errors.IdConflict,\n',
        "",
        "Somebody would believe that their message was sent.",
        (f"{MESSAGES}::test_the_same_id_with_another_text_is_a_conflict",),
    ),
    Mutant(
        "the newest of what waits is written first",
        "dba/posting.py",
        "self._waiting.popleft()",
        "self._waiting.pop()",
        "What one person wrote would stand in the wrong order.",
        ("tests/notification/test_live.py::test_an_order_is_kept_by_one_author_over_one_socket",),
    ),
    Mutant(
        "any text passes for the one that was sent",
        "chat/messages.py",
        "hmac.digest(chat.sent_mac_key, said.encode(),",
        'hmac.digest(chat.sent_mac_key, b"",',
        "A second message under the same id would be lost without a word.",
        (f"{MESSAGES}::test_the_same_id_with_another_text_is_a_conflict",),
    ),
    Mutant(
        "calls are not paced",
        "chat/messages.py",
        "    called = mentioned(text)\n    chat.pace.take(claims.key, time.monotonic())\n",
        "    called = mentioned(text)\n",
        "By HTTP anybody could flood a club.",
        ("tests/chat/test_pace.py",),
    ),
    Mutant(
        "whoever was a member once may post",
        "dba/migrations/0045_events_mended.sql",
        "ms.user_id = a.author and ms.to_seq is null\n    left join messages m",
        "ms.user_id = a.author\n    left join messages m",
        "A removed member would go on posting.",
        (f"{MESSAGES}::test_whoever_was_removed_reads_and_writes_nothing_more",),
    ),
    Mutant(
        "somebody else's message passes for one's own",
        "dba/migrations/0045_events_mended.sql",
        "(m.author <> a.author or m.group_id",
        "(m.group_id",
        "Whoever guesses an id would learn what was said under it.",
        (f"{MESSAGES}::test_the_same_id_with_another_text_is_a_conflict",),
    ),
    Mutant(
        "an edit leaves in the log what was said before",
        "dba/migrations/0053_link_previews.sql",
        "  perform _rewrite(m, new_text);\n",
        "",
        "Whoever reads the log would find what somebody took back.",
        (f"{ACTS}::test_an_edited_message_says_the_new_everywhere_and_the_old_nowhere",),
    ),
    Mutant(
        "a deletion leaves the words in the log",
        "dba/migrations/0009_message_acts.sql",
        "  perform _rewrite(m, null);\n",
        "",
        "Deleted would mean hidden.",
        (f"{ACTS}::test_a_deleted_message_says_nothing_anywhere",),
    ),
    Mutant(
        "anybody edits what others wrote",
        "dba/migrations/0053_link_previews.sql",
        "if m.author <> who or not reader.may_post",
        "if not reader.may_post",
        "Words would be put into people's mouths.",
        (f"{ACTS}::test_only_its_author_edits_a_message",),
    ),
    Mutant(
        "everybody may call everybody",
        "dba/migrations/0045_events_mended.sql",
        "when a.called is not null and gr.kind",
        "when false and gr.kind",
        "One joker would make three thousand telephones ring.",
        (f"{ACTS}::test_everybody_is_called_only_by_whoever_runs_the_room",),
    ),
    Mutant(
        "a block holds up nobody",
        "dba/migrations/0008_rooms.sql",
        "and not (cardinality(d.people) = 2 and _blocked_between(who, m.user_id))",
        "",
        "Whoever was blocked would write on.",
        ("tests/chat/test_dms.py::test_a_block_ends_a_conversation_of_two_and_is_told_to_nobody",),
    ),
    Mutant(
        "a private room is its whole club's",
        "dba/migrations/0016_club_settings.sql",
        "case when is_private then null else club end",
        "club",
        "A private room would be public.",
        (f"{ROOMS}::test_a_private_room_does_not_exist_for_others",),
    ),
    Mutant(
        "a new room is opened to nobody who is here",
        "notification/deliver.py",
        "if entry.opens is not None:",
        "if False:",
        "What is said in a new room would be heard after the next reconnect.",
        (f"{ROOMS}::test_a_new_public_room_is_heard_at_once_by_everybody_in_the_club",),
    ),
    Mutant(
        "whoever joins a club hears none of its rooms",
        "notification/deliver.py",
        "                receiver.look_below()\n",
        "",
        "A new member would hear the rooms only after the next reconnect.",
        (f"{ROOMS}::test_whoever_joins_the_club_hears_its_rooms_on_the_socket_they_have",),
    ),
    Mutant(
        "somebody else's file becomes one's picture",
        "dba/migrations/0051_pictures.sql",
        "f.owner <> who or ",
        "",
        "Whoever learns an id could show what somebody has brought and shown to nobody.",
        ("tests/chat/test_shown_pictures.py::test_no_other_file_becomes_a_picture",),
    ),
    Mutant(
        "the picture before stays in the store",
        "dba/migrations/0051_pictures.sql",
        "perform _go(old, moment)",
        "update files set used_at = null, ready_at = 'infinity' where id = old.id",
        "What somebody has taken away would lie there for ever.",
        (
            "tests/chat/test_shown_pictures.py::test_the_picture_before_goes_from_the_store_and_the_last_one_when_it_is_removed",
        ),
    ),
    Mutant(
        "a removal cuts the club alone",
        "dba/migrations/0039_answers.sql",
        "group_id = any(below || club)",
        "group_id = club",
        "Whoever was removed would go on hearing the rooms of the club.",
        (f"{ROOMS}::test_a_removal_from_the_club_cuts_every_room_of_it_in_log_order",),
    ),
    Mutant(
        "what an issuer says of an address leads to an account",
        "dba/migrations/0056_identities.sql",
        " and c.vouched_by is null",
        "",
        "Whoever gets a mailbox after somebody would get their account with it.",
        (
            f"{WHO_COMES}::test_an_address_said_by_an_issuer_that_is_gone_leads_to_nobody_until_a_letter_was_opened",
        ),
    ),
    Mutant(
        "an address leads to whoever has an identity of this issuer already",
        "dba/migrations/0056_identities.sql",
        "i.user_id = c.user_id and i.issuer = its_issuer",
        "i.user_id = c.user_id and false",
        "Two people of one issuer would be one here, for one had the address of the other.",
        (f"{WHO_COMES}::test_an_account_of_this_issuer_is_known_by_its_identity_and_no_more_by_its_address",),
    ),
]
