"""The checker tells a sound run from each kind of damage."""

from collections.abc import Callable
from copy import deepcopy

import pytest

from faults.check import check
from faults.diary import Action, Diary

Run = tuple[list[Action], list[Diary]]


def sound() -> Run:
    """Ann and Ben write two messages each; everybody applied everything; Ben never saw his last ack."""
    log: list[Action] = [{"seq": 1, "at": "1", "type": "club_created", "by": "ann"}]
    for seq, (author, name) in enumerate([("ann", "a1"), ("ben", "b1"), ("ann", "a2"), ("ben", "b2")], 2):
        at = str(seq)
        log.append(
            {"seq": seq, "at": at, "type": "message_posted", "id": name, "author": author, "text": name * 2}
        )
    diaries = [
        Diary(
            author=who,
            written={f"{who[0]}{number}": f"{who[0]}{number}" * 2 for number in (1, 2)},
            acked={
                action["id"]: (action["seq"], action["at"]) for action in log if action.get("author") == who
            },
            applied=deepcopy(log),
        )
        for who in ("ann", "ben")
    ]
    del diaries[1].acked["b2"]
    return log, diaries


def test_a_sound_run_has_no_faults() -> None:
    verdict = check(*sound())
    assert (verdict.acked, verdict.delivered, verdict.faults) == (3, 10, {})


def lose(log: list[Action], diaries: list[Diary]) -> None:
    for actions in (log, *(diary.applied for diary in diaries)):
        actions[3] = {"seq": 4, "at": "4", "type": "club_created", "by": "ann"}


def misplace(_: list[Action], diaries: list[Diary]) -> None:
    diaries[0].acked["a1"] = (3, "2")


def store_twice(log: list[Action], diaries: list[Diary]) -> None:
    for actions in (log, *(diary.applied for diary in diaries)):
        actions.append(log[1] | {"seq": 6})


def store_twice_under_another_id(log: list[Action], diaries: list[Diary]) -> None:
    for actions in (log, *(diary.applied for diary in diaries)):
        actions.append(log[1] | {"seq": 6, "id": "a3"})
    diaries[0].written["a3"] = diaries[0].written["a1"]


def store_what_nobody_wrote(log: list[Action], diaries: list[Diary]) -> None:
    for actions in (log, *(diary.applied for diary in diaries)):
        actions.append(log[1] | {"seq": 6, "id": "x", "text": "x"})


def leave_a_hole(log: list[Action], _: list[Diary]) -> None:
    log[4]["seq"] = 6


def miss(_: list[Action], diaries: list[Diary]) -> None:
    del diaries[1].applied[2]


def apply_twice(_: list[Action], diaries: list[Diary]) -> None:
    diaries[1].applied.append(diaries[1].applied[2])


def apply_in_another_order(_: list[Action], diaries: list[Diary]) -> None:
    diaries[1].applied[1:3] = reversed(diaries[1].applied[1:3])


def apply_something_else(_: list[Action], diaries: list[Diary]) -> None:
    diaries[1].applied[1]["text"] = "never said"


def swap_what_one_author_wrote(_: list[Action], diaries: list[Diary]) -> None:
    diaries[0].written = dict(reversed(diaries[0].written.items()))


@pytest.mark.parametrize(
    ("damage", "shows_as"),
    [
        (lose, "lost"),
        (misplace, "misplaced"),
        (store_twice, "stored_twice"),
        (store_twice_under_another_id, "stored_twice"),
        (store_what_nobody_wrote, "never_written"),
        (leave_a_hole, "holes"),
        (miss, "missing"),
        (apply_twice, "doubled"),
        (apply_in_another_order, "misordered"),
        (apply_something_else, "misordered"),
        (swap_what_one_author_wrote, "author_order_broken"),
    ],
)
def test_each_damage_is_found(damage: Callable[[list[Action], list[Diary]], None], shows_as: str) -> None:
    log, diaries = sound()
    damage(log, diaries)
    assert shows_as in check(log, diaries).faults
