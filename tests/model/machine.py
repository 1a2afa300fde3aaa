"""F18: whatever people do, one after the other. After each act somebody looks, at the end everybody does."""

import itertools
from random import Random
from typing import Any, ClassVar

from hypothesis import note
from hypothesis.stateful import RuleBasedStateMachine

from house.uuid7 import uuid7
from model import eyes
from model.rig import Rig
from model.world import Group, World

SAYS = ("message_posted", "message_edited")
INSIDE = 0.8  # so often somebody acts where they belong
ONCE_INSIDE = 0.1  # … and where they did
UNKNOWN = 0.05

numbers = itertools.count(1)


class Disagreement(AssertionError):
    """The model, the calls and the rows do not say the same."""


class Machine(RuleBasedStateMachine):
    """`rig` is set by the test."""

    rig: ClassVar[Rig]

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.tokens: dict[str, str] = {}
        self.wrong_codes: dict[str, int] = {}
        self.failed = False
        self.rig.counted["runs"] += 1

    # --- what every step does -----------------------------------------------------------------------------

    def ask(self, who: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """A call of theirs, which begins a new moment."""
        self.world.time += 1
        status, answer = self.rig.call(method, path, self.tokens[who], body)
        if status < 300 and answer and "access_token" in answer:
            self.tokens[who] = answer["access_token"]
        return status, answer

    def does(self, expected: int, who: str, method: str, path: str, body: Any = None) -> Any:
        """A call that has to be answered as the model says. Its answer if it succeeded, else None."""
        status, answer = self.ask(who, method, path, body)
        self.rig.counted["steps"] += 1
        note(f"{who}: {method} {path} {body or ''} → {status}")
        self.same("status", (method, path, body), status, expected)
        return (answer or {}) if status < 300 else None

    def same(self, what: str, of: Any, found: Any, expected: Any) -> None:
        """One comparison."""
        self.rig.counted["comparisons"] += 1
        if found != expected:
            self.rig.counted["disagreements"] += 1
            self.failed = True
            raise Disagreement(f"{what} of {of}: there is {found}, and by the model {expected}")

    def look(self, dice: Random) -> None:
        """Somebody looks at all that is theirs, and into one group."""
        who = dice.choice(self.world.people)
        self.look_around(who)
        self.look_into(who, dice.choice(list(self.world.groups.values())), dice)

    def look_around(self, who: str) -> None:
        """By the list of their groups, and by all rows that they may read."""
        listed, rows = self.rig.both(eyes.own_list(self.rig, self.tokens[who]), eyes.rows(self.rig, who))
        self.same("list", who, listed, eyes.own_list_expected(self.world, who))
        expected = eyes.rows_expected(self.world, who)
        for table, found in rows.items():
            self.same(table, who, found, expected[table])

    def look_into(self, who: str, group: Group, dice: Random) -> None:
        """The group, its messages by pages, one by its id, and its log."""
        token, page = self.tokens[who], dice.choice((2, 5, 50))
        room, log, rows = self.rig.both(
            eyes.room(self.rig, token, group.id, page),
            eyes.log(self.rig, token, group.id),
            eyes.log_in_rows(self.rig, who, group.id),
        )
        self.same("room", (who, group.id), room, eyes.room_expected(self.world, who, group))
        self.same("log", (who, group.id), rows, [] if log == 404 else log)
        told = {(body["id"], body["text"]) for _, body in rows if body["type"] in SAYS}
        self.same("words", (who, group.id), told, eyes.words(self.world, who, group) if rows else set())
        if group.said:
            said = dice.choice(group.said)
            status, _ = self.rig.call("GET", f"/api/messages/{said.id}", token)
            self.same("message", (who, said.id), status, 200 if self.world.message(who, said.id) else 404)

    def teardown(self) -> None:
        """Everybody looks at all that is theirs and at some that is not, unless a step failed already."""
        if self.failed:
            return
        dice = Random(self.world.time)
        for who in self.world.people:
            self.look_around(who)
            closed = [group for group in self.world.groups.values() if not self.world.membership(who, group)]
            for group in [*self.world.readable(who), *dice.sample(closed, min(len(closed), 2))]:
                self.look_into(who, group, dice)

        for who in self.world.gone:
            status, _ = self.rig.call("GET", "/api/me", self.tokens[who])
            self.same("status", who, status, 401)
            rows = self.rig.wait(eyes.rows(self.rig, who))
            self.same("rows", who, [table for table in rows if rows[table]], [])

    # --- who, where, which ----------------------------------------------------------------------------------

    def somebody(self, dice: Random) -> str:
        return dice.choice(self.world.people)

    def somewhere(self, dice: Random, *kinds: str) -> tuple[str, Group]:
        """Somebody and a group: mostly one of these kinds that they may read."""
        groups = [group for group in self.world.groups.values() if not kinds or group.kind in kinds]
        group = dice.choice(groups or list(self.world.groups.values()))
        ever = self.world.judged(group).ever
        here = [one for one in ever if one.user in self.world.people]
        inside = [one.user for one in here if one.left is None]
        outside = [one.user for one in here if one.left is not None]
        if outside and dice.random() < ONCE_INSIDE:
            return dice.choice(outside), group
        if inside and dice.random() < INSIDE:
            return dice.choice(inside), group
        return self.somebody(dice), dice.choice([group, *self.world.groups.values()])

    def something(self, dice: Random) -> tuple[str, str]:
        """Somebody and a message: mostly one that they may read, or wrote; sometimes one that nobody sent."""
        if not self.world.messages or dice.random() < UNKNOWN:
            return self.somebody(dice), str(uuid7())
        said = dice.choice(list(self.world.messages.values()))
        if dice.random() < INSIDE:
            inside = [one for one in self.world.people if self.world.message(one, said.id)]
            authors = [said.author] if said.author in self.world.people else []
            return dice.choice([*authors, *inside] or self.world.people), said.id
        return self.somebody(dice), said.id
