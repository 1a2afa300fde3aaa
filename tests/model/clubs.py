"""People come, make clubs, join and leave them, make rooms and change them."""

from random import Random
from typing import Any

from hypothesis.stateful import initialize

from house.server import PASSWORD
from house.uuid7 import uuid7
from model import judge
from model.machine import Machine, numbers
from model.world import Code, Group, Membership

PEOPLE_MAX = 7
CLUBS_MAX = 3
WRONG_CODES_MAX = 4  # of one person; with one more they would have to wait


class Clubs(Machine):
    """What they do."""

    @initialize()
    def some_people_and_a_club(self) -> None:
        for n in range(4):
            self._come(with_email=n < 2)
        ann, *others = self.world.people
        self._create_club(ann)
        [code] = self.world.codes
        for one in others:
            self._join(one, code)
        club = self.world.groups[self.world.codes[code].club]
        for private in (True, False):
            self._make_room(ann, club, private=private, announce=False)

    def comes(self, _: Random) -> None:
        if len(self.world.people) < PEOPLE_MAX:
            self._come(with_email=len(self.world.secure) < 3)

    def _come(self, *, with_email: bool) -> None:
        name = f"Ann {next(numbers)}"
        account: dict[str, Any] = {"name": name}
        if with_email:
            account |= {"email": f"{uuid7()}@example.org", "password": PASSWORD}
        status, made = self.rig.call("POST", "/api/accounts", None, account)
        assert status == 201, made
        user = made["user"]
        self.world.people.append(user)
        self.world.names[user] = name
        self.tokens[user] = made["access_token"]
        if with_email:
            self.world.secure.add(user)
        self._discover(user, "self", name, None, "owner")

    def renames_themselves(self, dice: Random) -> None:
        who, name = self.somebody(dice), f"Ann {next(numbers)}"
        if self.does(204, who, "PATCH", "/api/me", {"name": name}) is not None:
            self.world.names[who] = name
            for group in self.world.readable(who):
                if group.kind == "self":
                    group.name = name

    def leaves_for_good(self, dice: Random) -> None:
        if len(self.world.people) == 1:
            return  # somebody has to be left who does things
        who = self.somebody(dice)
        secure = who in self.world.secure
        proof = {"password": PASSWORD} if secure else {"name": self.world.names[who]}
        expected = 409 if self.world.last_owner(who) else 204
        if self.does(expected, who, "POST", "/api/me/deletion", proof) is not None:
            self.world.forget(who)

    def _discover(self, user: str, kind: str, name: str, parent: int | None, role: str) -> None:
        """A group that came with something else: the model learns its id from their list."""
        _, me = self.rig.call("GET", "/api/me", self.tokens[user])
        [found] = [
            each["group"] for each in me["groups"] if each["kind"] == kind and each["parent"] == parent
        ]
        self.world.groups[found] = Group(
            found, kind, name, parent, ever=[Membership(user, role, 0, self.world.time)]
        )

    def creates_a_club(self, dice: Random) -> None:
        clubs = (each for each in self.world.groups.values() if each.kind == "club")
        if sum(not each.deleted for each in clubs) < CLUBS_MAX:
            self._create_club(self.somebody(dice))

    def _create_club(self, who: str) -> None:
        name = f"Club {next(numbers)}"
        expected = 201 if who in self.world.secure else 403
        made = self.does(expected, who, "POST", "/api/clubs", {"key": str(uuid7()), "name": name})
        if made:
            self.world.groups[made["group"]] = Group(made["group"], "club", name)
            self.world.enter(who, self.world.groups[made["group"]], "owner")
            self._discover(who, "admins", name, made["group"], "owner")
            _, listed = self.rig.call("GET", f"/api/groups/{made['group']}/codes", self.tokens[who])
            [code] = listed["codes"]
            self.world.codes[made["code"]] = Code(made["code"], code["id"], made["group"], who, main=True)

    def joins(self, dice: Random) -> None:
        self._join(self.somebody(dice), dice.choice(list(self.world.codes)))

    def _join(self, who: str, code: str) -> None:
        known = self.world.codes[code]
        opens = self.world.opens(known, who)
        if not opens and not self._may_be_wrong(who):
            return
        in_already = self.world.groups[known.club].now(who)
        joined = self.does(200 if opens else 404, who, "POST", "/api/clubs/join", {"code": code.lower()})
        if joined and not in_already:
            self.world.come(known, who)

    def _may_be_wrong(self, who: str) -> bool:
        self.wrong_codes[who] = self.wrong_codes.get(who, 0) + 1
        return self.wrong_codes[who] <= WRONG_CODES_MAX

    def guesses_a_code(self, dice: Random) -> None:
        who = self.somebody(dice)
        if self._may_be_wrong(who):
            self.does(404, who, "POST", "/api/clubs/join", {"code": "0000-0000-0000"})

    def asks_for_the_code(self, dice: Random) -> None:
        who, club = self.somewhere(dice, "club", "admins")
        found = self.does(judge.code(self.world, who, club), who, "GET", f"/api/groups/{club.id}/code")
        if found:
            self.same("code", club.id, self.world.codes[found["code"]].club, club.id)

    def goes(self, dice: Random) -> None:
        who, group = self.somewhere(dice, "club", "channel", "channel", "dm")
        self._go(who, group, who)

    def removes_somebody(self, dice: Random) -> None:
        who, group = self.somewhere(dice)
        people = [one.user for one in group.open] if dice.random() < 0.8 else []
        self._go(who, group, dice.choice(people or self.world.people))

    def _go(self, who: str, group: Group, target: str) -> None:
        expected = judge.remove(self.world, who, group, target)
        if self.does(expected, who, "DELETE", f"/api/groups/{group.id}/members/{target}") is not None:
            if group.kind == "club":
                self.world.leave(target, group)
            else:
                self.world.close(target, group)

    # --- rooms --------------------------------------------------------------------------------------------

    def makes_a_room(self, dice: Random) -> None:
        who, club = self.somewhere(dice, "club")
        private, announce = dice.random() < 0.5, dice.random() < 0.2
        self._make_room(who, club, private=private, announce=announce)

    def _make_room(self, who: str, club: Group, *, private: bool, announce: bool) -> None:
        name = f"Room {next(numbers)}"
        new = {"key": str(uuid7()), "name": name, "private": private, "announce": announce}
        expected = judge.make_room(self.world, who, club, announce=announce)
        made = self.does(expected, who, "POST", f"/api/groups/{club.id}/channels", new)
        if made:
            room = Group(made["group"], "channel", name, club.id, own=private, creator=who, announce=announce)
            self.world.groups[room.id] = room
            if private:
                self.world.enter(who, room, "owner")
            else:
                self.world.follows[who, room.id] = True

    def changes_a_room(self, dice: Random) -> None:
        what, to = dice.choice(["announce", "archived", "landing"]), dice.random() < 0.5
        self._change(*self.somewhere(dice, "channel"), what, to)

    def changes_a_club(self, dice: Random) -> None:
        what = dice.choice(judge.OF_CLUBS)
        to: Any = dice.random() < 0.5
        if what == "name":
            to = f"Club {next(numbers)}"
        if what == "history":
            to = dice.choice(["all", "month", "none", "none"])
        self._change(*self.somewhere(dice, "club"), what, to)

    def _change(self, who: str, group: Group, what: str, to: Any) -> None:
        expected = judge.change(self.world, who, group, what, to)
        if self.does(expected, who, "PATCH", f"/api/groups/{group.id}", {what: to}) is None:
            return
        if what == "landing" and group.landing and not to:
            for one in self.world.judged(group).open:
                self.world.follows.setdefault((one.user, group.id), True)
        if what == "name" and group.kind == "club":
            self.world.admins(group).name = to
        setattr(group, what, to)

    def adds_to_a_room(self, dice: Random) -> None:
        who, room = self.somewhere(dice, "channel")
        members = [one.user for one in self.world.groups[room.parent or room.id].open]
        among = members if members and dice.random() < 0.8 else self.world.people
        people = dice.sample(among, min(len(among), dice.choice((1, 1, 2))))
        history = dice.random() < 0.5
        expected = judge.add(self.world, who, room, people)
        new = {"users": people, "history": history}
        if self.does(expected, who, "POST", f"/api/groups/{room.id}/members", new) is not None:
            for one in sorted(people, key=self.world.people.index):
                self._add(who, room, one, history=history)

    def _add(self, who: str, room: Group, one: str, *, history: bool) -> None:
        if room.own and not room.now(one):
            self.world.enter(one, room, "member", self.world.first(who, room) if history else self.world.time)
        elif not room.own and not self.world.follow(one, room):
            kept_out = one != who and self.world.follows.get((one, room.id)) is False
            self.world.follows[one, room.id] = not kept_out

    def follows_a_room(self, dice: Random) -> None:
        who, room = self.somewhere(dice, "channel")
        on = dice.random() < 0.5
        expected = judge.follow(self.world, who, room)
        done = self.does(expected, who, "PUT", f"/api/groups/{room.id}/follow", {"on": on}) is not None
        if done and self.world.follow(who, room) != on:
            self.world.follows[who, room.id] = on
