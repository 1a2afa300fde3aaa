"""Live delivery: every socket hears every action once and in order, and only what the log opens to it."""

import asyncio
import json

from clubroom import wire
from clubroom.actions import Logged
from clubroom.errors import Unavailable
from clubroom.notification.deliver import GAP_ACTIONS, Hub
from clubroom.notification.frames import frames
from notification.listeners import CLUB, Ear, Log, come_in, hub_over, signal

ANN, BEN, KIM = 1, 2, 3


async def filled(hub: Hub) -> None:
    """Waits until nothing is read from the log any more."""
    async with asyncio.timeout(5):
        while hub._fills:
            await asyncio.gather(*hub._fills)


def test_everybody_in_the_room_hears_the_same_bytes_in_order() -> None:
    log = Log()
    hub = hub_over(log)
    ann, ben = come_in(hub, log, ANN), come_in(hub, log, BEN)
    hub.publish(log.many(3))
    hub.publish([log.append(text="fourth")])
    assert ann.seqs() == [1, 2, 3, 4]
    assert ann.payloads == ben.payloads


def test_the_bytes_on_the_wire_are_those_of_the_log_with_their_place_in_front() -> None:
    log = Log()
    hub = hub_over(log)
    ann = come_in(hub, log, ANN)
    entry = log.append(text='„quoted" \\ 🎶')
    hub.publish([entry])
    place = b'{"seq":1,"at":"%s",' % entry.at.encode()
    assert ann.payloads == [
        b'{"type":"actions","group":42,"from":1,"to":1,"actions":['
        + place
        + entry.body[1:]
        + b'],"more":false}'
    ]
    assert json.loads(entry.placed()) == {"seq": 1, "at": entry.at} | json.loads(entry.body)


def test_one_batch_of_many_groups_goes_to_each_its_own() -> None:
    log = Log()
    hub = hub_over(log)
    ann, ben = come_in(hub, log, ANN, 1, 2), come_in(hub, log, BEN, 2)
    hub.publish([log.append(1), log.append(2), log.append(2), log.append(1)])
    assert (ann.seqs(1), ann.seqs(2)) == ([1, 2], [1, 2])
    assert (ben.seqs(1), ben.seqs(2)) == ([], [1, 2])


def test_what_was_heard_already_is_dropped() -> None:
    log = Log()
    hub = hub_over(log)
    ann = come_in(hub, log, ANN)
    entries = log.many(4)
    hub.publish(entries[:3])
    hub.publish(entries[:3])
    hub.publish(entries[1:])
    assert ann.seqs() == [1, 2, 3, 4]


async def test_a_gap_is_read_from_the_log() -> None:
    log = Log()
    hub = hub_over(log)
    ann = come_in(hub, log, ANN)
    entries = log.many(6)
    hub.publish(entries[:1])
    hub.publish(entries[4:])
    hub.publish(entries[5:])
    assert ann.seqs() == [1]
    await filled(hub)
    assert ann.seqs() == [1, 2, 3, 4, 5, 6]
    assert log.asked == [(CLUB, 1)]


async def test_a_gap_larger_than_one_reading_is_read_in_several() -> None:
    log = Log()
    hub = hub_over(log)
    ann = come_in(hub, log, ANN)
    hub.publish(log.many(GAP_ACTIONS + 10)[-1:])
    await filled(hub)
    assert ann.seqs() == list(range(1, GAP_ACTIONS + 11))


async def test_a_gap_waits_for_a_database_that_is_away() -> None:
    log = Log()
    away = True

    async def fetch(group: int, after: int, n: int) -> list[Logged]:
        nonlocal away
        if away:
            away = False
            raise Unavailable
        return await log.fetch(group, after, n)

    hub = hub_over(log)
    hub.fetch = fetch
    ann = come_in(hub, log, ANN)
    hub.publish(log.many(3)[2:])
    await filled(hub)
    assert ann.seqs() == [1, 2, 3]


async def test_what_is_published_while_a_gap_is_read_is_heard_once() -> None:
    log = Log()
    hub = hub_over(log)
    ann = come_in(hub, log, ANN)
    entries = log.many(4)
    go_on = asyncio.Event()

    async def fetch(group: int, after: int, n: int) -> list[Logged]:
        found = await log.fetch(group, after, n)
        await go_on.wait()
        return found

    hub.fetch = fetch
    hub.publish(entries[3:])
    await asyncio.sleep(0)
    hub.publish(entries[:3])
    hub.publish([log.append()])
    go_on.set()
    await filled(hub)
    assert ann.seqs() == [1, 2, 3, 4, 5]


def test_whoever_is_let_in_hears_from_that_action_on() -> None:
    log = Log()
    hub = hub_over(log)
    ann = come_in(hub, log, ANN)
    ben = Ear(BEN)
    hub.enter(ben)
    hub.publish([*log.many(2), log.append(joined=BEN), *log.many(2)])
    assert ann.seqs() == [1, 2, 3, 4, 5]
    assert ben.seqs() == [3, 4, 5]
    assert ben.groups == {CLUB}


def test_a_room_that_nobody_was_in_opens_for_whoever_is_let_in() -> None:
    log = Log()
    hub = hub_over(log)
    ben = Ear(BEN)
    hub.enter(ben)
    hub.publish(log.many(2))
    assert CLUB not in hub.rooms
    hub.publish([*log.many(1), log.append(joined=BEN), *log.many(1)])
    assert ben.seqs() == [4, 5]


def test_whoever_is_cut_hears_that_action_and_nothing_after_it() -> None:
    log = Log()
    hub = hub_over(log)
    ann, kim = come_in(hub, log, ANN), come_in(hub, log, KIM)
    kims_phone = come_in(hub, log, KIM)
    hub.publish([*log.many(2), log.append(cut=KIM), *log.many(2)])
    hub.signal(CLUB, signal())
    assert ann.seqs() == [1, 2, 3, 4, 5]
    assert kim.seqs() == kims_phone.seqs() == [1, 2, 3]
    assert kim.groups == set()
    assert [frame["type"] for frame in kim.frames] == ["actions"]


def test_cut_and_let_in_again_within_one_batch_leaves_out_what_lies_between() -> None:
    log = Log()
    hub = hub_over(log)
    kim = come_in(hub, log, KIM)
    hub.publish([log.append(cut=KIM), *log.many(2), log.append(joined=KIM), *log.many(1)])
    assert kim.seqs() == [1, 4, 5]


async def test_a_cut_that_was_lost_on_its_way_is_obeyed_from_the_log() -> None:
    log = Log()
    hub = hub_over(log)
    ann, kim = come_in(hub, log, ANN), come_in(hub, log, KIM)
    log.append(cut=KIM)
    hub.publish([log.append(text="secret")])
    assert kim.seqs() == []
    await filled(hub)
    assert kim.seqs() == [1]
    assert ann.seqs() == [1, 2]


def test_a_socket_on_its_way_in_is_only_marked() -> None:
    log = Log()
    hub = hub_over(log)
    ann = come_in(hub, log, ANN)
    ben = Ear(BEN, resuming=True)
    hub.enter(ben)
    hub.publish([log.append(joined=BEN), *log.many(1)])
    assert ben.disturbed == 1
    assert ben.seqs() == []
    hub.publish([log.append(cut=BEN)])
    assert ben.disturbed == 2
    assert ann.seqs() == [1, 2, 3]


async def test_after_a_restore_rooms_stand_where_the_first_who_comes_back_says() -> None:
    log = Log()
    hub = hub_over(log)
    log.many(5)
    ann, kim = come_in(hub, log, ANN), Ear(KIM, resuming=True)
    hub.enter(kim)
    hub.expect([CLUB])  # for one who is on their way in; the room stays
    restored = Log()
    restored.many(3)
    hub.fetch = restored.fetch
    hub.start_afresh()
    hub.attach(kim, CLUB, 5)  # judged before the restore
    hub.attach_behind(kim, CLUB, 5)
    ben = come_in(hub, restored, BEN)
    hub.expected([CLUB])
    hub.publish(restored.many(1))
    assert (ann.seqs(), kim.seqs(), ben.seqs()) == ([], [], [4])
    assert (ann.groups, kim.groups) == (set(), set())


async def test_what_is_read_while_the_database_is_restored_moves_no_room() -> None:
    log = Log()
    hub = hub_over(log)
    log.many(5)
    come_in(hub, log, ANN)
    hub.expect([CLUB])
    reading, go_on = asyncio.Event(), asyncio.Event()

    async def fetch(group: int, after: int, n: int) -> list[Logged]:
        reading.set()
        await go_on.wait()
        return await log.fetch(group, after, n)

    hub.fetch = fetch
    log.many(2)
    hub.repair({CLUB: 7})
    asked = asyncio.create_task(hub.fill(CLUB))
    await reading.wait()
    hub.start_afresh()
    go_on.set()
    await asked
    await filled(hub)
    assert hub.rooms[CLUB].head is None


def test_a_replay_that_ends_elsewhere_than_the_room_is_not_let_in() -> None:
    log = Log()
    hub = hub_over(log)
    log.many(3)
    ann = come_in(hub, log, ANN)
    ben = Ear(BEN)
    hub.enter(ben)
    assert not hub.attach(ben, CLUB, 2)
    assert not hub.attach(ben, CLUB, 4)
    hub.publish([log.append()])
    assert (ann.seqs(), ben.seqs()) == ([4], [])
    assert hub.attach(ben, CLUB, 4)


def test_a_room_that_is_expected_moves_its_head_though_nobody_is_in_it() -> None:
    log = Log()
    hub = hub_over(log)
    log.many(3)
    hub.expect([CLUB])
    hub.publish([log.append()])
    assert hub.head(CLUB) == 4
    ben = Ear(BEN)
    hub.enter(ben)
    assert not hub.attach(ben, CLUB, 3)
    hub.expected([CLUB])
    assert hub.rooms == {}


def test_one_who_lags_comes_in_as_the_room_stands() -> None:
    log = Log()
    hub = hub_over(log)
    ben = Ear(BEN)
    hub.enter(ben)
    log.many(9)
    hub.attach_behind(ben, CLUB, 9)
    hub.publish([log.append()])
    assert ben.seqs() == [10]


def test_rooms_and_people_are_forgotten_when_nobody_is_left() -> None:
    log = Log()
    hub = hub_over(log)
    ann, ben = come_in(hub, log, ANN, 1, 2), come_in(hub, log, BEN, 2)
    hub.leave(ann)
    hub.leave(ann)
    assert set(hub.rooms) == {2}
    hub.publish([log.append(2, cut=BEN)])
    assert hub.rooms == {}
    hub.leave(ben)
    assert hub.people == {}
    assert hub.head(1) == 0


def test_one_who_leaves_while_being_written_to_disturbs_nobody() -> None:
    log = Log()
    hub = hub_over(log)
    slow, ann = come_in(hub, log, BEN), come_in(hub, log, ANN)
    slow.leaves = hub
    hub.publish(log.many(2))
    hub.publish(log.many(2))
    assert slow.seqs() == [1, 2]
    assert ann.seqs() == [1, 2, 3, 4]


def test_the_last_one_who_leaves_while_being_written_to_takes_the_room_along() -> None:
    log = Log()
    hub = hub_over(log)
    slow = come_in(hub, log, BEN)
    slow.leaves = hub
    hub.publish([log.append(), log.append(joined=ANN), log.append()])
    assert hub.rooms == {}


async def test_closing_ends_what_is_still_read() -> None:
    log = Log()
    hub = hub_over(log)
    come_in(hub, log, ANN)

    async def never(*_: int) -> list[Logged]:
        await asyncio.Event().wait()
        raise AssertionError

    hub.fetch = never
    hub.publish(log.many(3)[2:])
    async with asyncio.timeout(5):
        await hub.close()


def test_signals_reach_the_room_but_not_whoever_caused_them() -> None:
    log = Log()
    hub = hub_over(log)
    ann, ben, phone = come_in(hub, log, ANN), come_in(hub, log, BEN), come_in(hub, log, BEN)
    hub.signal(CLUB, signal(), but=ANN)
    hub.signal(99, signal())
    assert (len(ann.frames), len(ben.frames), len(phone.frames)) == (0, 1, 1)
    hub.signal_person(BEN, signal())
    hub.signal_person(99, signal())
    assert (len(ann.frames), len(ben.frames), len(phone.frames)) == (0, 2, 2)


def test_frames_stay_within_their_limit_and_say_that_more_follows() -> None:
    log = Log()
    entries = [log.append(text="x" * 1_000) for _ in range(100)]
    made = frames(CLUB, entries)
    assert len(made) > 3
    assert max(len(payload) for payload in made) <= wire.FRAME_OUT_BYTES_MAX
    assert [json.loads(payload)["more"] for payload in made] == [True] * (len(made) - 1) + [False]
    heard = [action["seq"] for payload in made for action in json.loads(payload)["actions"]]
    assert heard == list(range(1, 101))
    assert frames(CLUB, []) == []


def test_the_longest_message_there_can_be_fits_into_a_frame() -> None:
    """4,000 code points of four bytes, or of six characters each in JSON, with the largest numbers."""
    log = Log()
    for character in ("🎶", "\u0001", '"'):
        text = json.dumps(character * wire.TEXT_CODE_POINTS_MAX, ensure_ascii=False).encode()
        body = (
            b'{"type":"message_posted","id":"01890a5d-ac96-774b-bcce-b302099a8057","author":"x","text":'
            + text
        )
        [payload] = frames(wire.SEQ_MAX, [Logged(wire.SEQ_MAX, wire.SEQ_MAX, log.append().at, body + b"}")])
        assert len(payload) <= wire.FRAME_OUT_BYTES_MAX


def test_of_two_who_join_an_empty_club_the_one_told_late_is_called_to_come_again() -> None:
    log = Log()
    hub = hub_over(log)
    early, late = Ear(1), Ear(2)
    hub.enter(early)
    hub.enter(late)
    first, second = log.append(joined=1), log.append(joined=2)
    hub.publish([second])
    hub.publish([first])
    assert early.called
    assert not late.called
    assert late.seqs() == [2]


def test_whoever_joined_and_was_removed_again_is_not_called_when_that_is_told_twice() -> None:
    log = Log()
    hub = hub_over(log)
    come_in(hub, log, ANN)
    kim = Ear(KIM)
    hub.enter(kim)
    entries = [log.append(joined=KIM), log.append(cut=KIM)]
    hub.publish(entries)
    hub.publish(entries)
    assert kim.seqs() == [1, 2]
    assert not kim.called
