"""F17: state + actions = fresh state, around every test that uses people.

After every change the groups of whoever made it are looked at. At the end each of those looks, and the empty
state before the first action, is carried on by the log to the end and must equal what the server shows then.
"""

from typing import Any

from house.apply import apply, comparable, empty
from house.person import Json, Person

LOOKS_MAX = 200


class FreshState:
    """What was looked at during one test."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.looks: list[tuple[Person, Json]] = []
        self._heads: dict[tuple[str, int], int] = {}
        self.kinds: set[str] = set()

    async def look(self, person: Person) -> None:
        """Remembers how things stand for this person, where the log has gone on since they looked last: what
        changed without an action would not be what that last look becomes in the end.
        """
        self.people[person.user] = person
        if len(self.looks) < LOOKS_MAX:
            for entry in (await person.me())["groups"]:
                group, head = entry["group"], entry["head"]
                if self._heads.get((person.user, group)) != head:
                    self._heads[person.user, group] = head
                    self.looks.append((person, await person.snapshot(group)))

    def forget(self) -> None:
        """What was looked at before; from now on it is looked at anew."""
        self.looks.clear()
        self._heads.clear()

    async def check(self) -> None:
        """At the end of the test."""
        for person in self.people.values():
            me = await person.http.get("/api/me", headers=person.headers)
            if me.is_success:
                for group in me.json()["groups"]:
                    await self._check_group(person, group["group"])

    async def _check_group(self, person: Person, group: int) -> None:
        fresh = await person.snapshot(group)
        log = [action for action in await person.actions(group) if action["seq"] <= fresh["seq"]]
        self.kinds |= {action["type"] for action in log}
        states = [look for who, look in self.looks if who is person and look["group"] == group]
        whole = [empty(fresh)] if log and log[0]["seq"] == 1 else []  # some may read only from later on
        kept = log[0]["seq"] - 1 if log else fresh["seq"]  # whoever is further behind starts afresh
        for state in [*whole, *(state for state in states if state["seq"] >= kept)]:
            self._compare(state, log, fresh)

    def _compare(self, state: Json, log: list[dict[str, Any]], fresh: Json) -> None:
        window = max(state["window"], fresh["window"])
        for action in log:
            if action["seq"] > state["seq"]:
                state = apply(state, action)
        ours, theirs = comparable(state, window), comparable(fresh, window)
        differ = {name: (ours[name], theirs[name]) for name in ours if ours[name] != theirs[name]}
        assert not differ, differ
