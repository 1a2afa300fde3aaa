"""What those who run a club do: roles, labels, codes, blocks, its end; and the host, who suspends one."""

from random import Random

from house.uuid7 import uuid7
from model import judge
from model.machine import Machine, numbers
from model.world import Code, Group

ROLES = ("owner", "admin", "admin", "member")


class Running(Machine):
    """What they do."""

    def _member(self, dice: Random, club: Group) -> str:
        """Mostly somebody of this club."""
        members = [one.user for one in club.open] if dice.random() < 0.8 else []
        return dice.choice(members or self.world.people)

    def _who_runs(self, dice: Random) -> tuple[str, Group]:
        """Mostly somebody who runs a club, and that club."""
        who, club = self.somewhere(dice, "club")
        running = [one.user for one in club.open if one.role != "member"]
        return (dice.choice(running) if running and dice.random() < 0.7 else who), club

    def changes_a_role(self, dice: Random) -> None:
        who, club = self._who_runs(dice)
        target, to = self._member(dice, club), dice.choice(ROLES)
        hand_over = to == "owner" and dice.random() < 0.5
        expected = judge.role(self.world, who, club, target, to, hand_over=hand_over)
        path = f"/api/groups/{club.id}/members/{target}/role"
        if self.does(expected, who, "PUT", path, {"role": to, "hand_over": hand_over}) is not None:
            if club.role(target) != to:
                self.world.give_role(target, club, to)
            if hand_over:
                self.world.give_role(who, club, "admin")

    # --- labels -------------------------------------------------------------------------------------------

    def defines_a_label(self, dice: Random) -> None:
        who, club = self._who_runs(dice)
        known = list(club.labels) if dice.random() < 0.3 else []
        label, name = dice.choice(known or [str(uuid7())]), f"Label {next(numbers)}"
        expected = judge.must_run(self.world, who, club)
        path = f"/api/groups/{club.id}/labels/{label}"
        if self.does(204 if expected == 200 else expected, who, "PUT", path, {"name": name}) is not None:
            club.labels[label] = name

    def removes_a_label(self, dice: Random) -> None:
        who, club = self._who_runs(dice)
        label = dice.choice([*club.labels, str(uuid7())])
        expected = judge.must_run(self.world, who, club)
        if expected == 200:
            expected = 204 if label in club.labels else 404
        if self.does(expected, who, "DELETE", f"/api/groups/{club.id}/labels/{label}") is not None:
            del club.labels[label]
            club.carried = {(user, each) for user, each in club.carried if each != label}

    def labels_a_member(self, dice: Random) -> None:
        who, club = self._who_runs(dice)
        target = self._member(dice, club)
        labels = dice.sample(list(club.labels), dice.randint(0, len(club.labels)))
        expected = judge.must_run(self.world, who, club)
        if expected == 200:
            expected = 204 if club.now(target) else 404
        path = f"/api/groups/{club.id}/members/{target}/labels"
        if self.does(expected, who, "PUT", path, {"labels": labels}) is not None:
            others = {(user, label) for user, label in club.carried if user != target}
            club.carried = others | {(target, label) for label in labels}

    # --- codes --------------------------------------------------------------------------------------------

    def makes_a_code(self, dice: Random) -> None:
        who, club = self._who_runs(dice)
        readable = [
            each for each in self.world.below(club)
            if each.kind == "channel" and self.world.membership(who, each)
        ]  # fmt: skip
        rooms = [room.id for room in dice.sample(readable, min(len(readable), dice.choice((0, 0, 1, 2))))]
        role, uses = dice.choice(("member", "member", "admin")), dice.choice((0, 0, 1, 2))
        new = {"key": str(uuid7()), "role": role, "uses": uses, "rooms": rooms}
        expected = judge.running(who, club)
        if expected == 200:
            expected = 403 if role == "admin" and club.role(who) != "owner" else 201
        made = self.does(expected, who, "POST", f"/api/groups/{club.id}/codes", new)
        if made:
            self.world.codes[made["code"]] = Code(
                made["code"], made["id"], club.id, who, role, uses or None, rooms=dict.fromkeys(rooms, who)
            )

    def revokes_a_code(self, dice: Random) -> None:
        code = dice.choice(list(self.world.codes.values()))
        club = self.world.groups[code.club]
        running = [one.user for one in club.open if one.role != "member"]
        who = dice.choice(running) if running and dice.random() < 0.7 else self.somebody(dice)
        expected = judge.running(who, club)
        if expected == 200:
            expected = 404 if code.revoked else 204
        if self.does(expected, who, "DELETE", f"/api/groups/{club.id}/codes/{code.id}") is not None:
            code.revoked, code.main = True, False

    def resets_the_codes(self, dice: Random) -> None:
        who, club = self._who_runs(dice)
        expected = judge.running(who, club)
        path = f"/api/groups/{club.id}/codes/reset"
        made = self.does(201 if expected == 200 else expected, who, "POST", path, {"key": str(uuid7())})
        if made:
            for code in self.world.codes.values():
                code.revoked = code.revoked or code.club == club.id
            self.world.codes[made["code"]] = Code(made["code"], made["id"], club.id, who, main=True)

    # --- kept out, ended, suspended -----------------------------------------------------------------------

    def keeps_somebody_out(self, dice: Random) -> None:
        who, club = self._who_runs(dice)
        target = self._member(dice, club)
        expected = judge.block(self.world, who, club, target)
        if self.does(expected, who, "PUT", f"/api/groups/{club.id}/blocks/{target}") is not None:
            if club.now(target):
                self.world.leave(target, club)
            club.blocked.add(target)

    def lets_somebody_in_again(self, dice: Random) -> None:
        who, club = self._who_runs(dice)
        target = dice.choice([*sorted(club.blocked), self.somebody(dice)])
        expected = judge.running(who, club)
        if expected == 200:
            expected = 204 if target in club.blocked else 404
        if self.does(expected, who, "DELETE", f"/api/groups/{club.id}/blocks/{target}") is not None:
            club.blocked.discard(target)

    def deletes_a_club(self, dice: Random) -> None:
        who, club = self._who_runs(dice)
        name = club.name if dice.random() < 0.7 else "Another name"
        mine = self.world.membership(who, club)
        expected = 404 if mine is None else 403
        if mine is not None and club.kind == "club" and mine.role == "owner":
            expected = 204 if name == club.name else 400
        if self.does(expected, who, "DELETE", f"/api/groups/{club.id}", {"name": name}) is not None:
            self.world.delete(club)

    def the_host_suspends_a_club(self, dice: Random) -> None:
        clubs = [each for each in self.world.groups.values() if each.kind == "club" and not each.deleted]
        if clubs:
            club = dice.choice(clubs)
            on = not club.suspended
            self.world.time += 1
            self.rig.suspends(club.id, on=on)
            for group in (club, *self.world.below(club)):
                group.suspended = on
