"""Conversations are opened, people blocked, messages sent, answered, edited, deleted, liked, pinned, read."""

from random import Random
from typing import Any
from urllib.parse import quote

from house.uuid7 import uuid7
from model import judge
from model.machine import Machine, numbers
from model.world import Group, Said

EMOTES = ("👍", "❤️", "🎉")


class Talk(Machine):
    """What they do."""

    def opens_a_conversation(self, dice: Random) -> None:
        people = dice.sample(self.world.people, min(len(self.world.people), dice.choice((2, 2, 3))))
        if len(people) == 1:
            return
        who, *others = people
        known = judge.conversation(self.world, set(people))
        expected = judge.open_dm(self.world, who, others, known)
        made = self.does(expected, who, "POST", "/api/dms", {"users": others})
        if expected == 200:
            self.same("conversation", others, made["group"], known and known.id)
        elif made:
            dm = self.world.groups[made["group"]] = Group(made["group"], "dm", "dm")
            for one in sorted(people, key=self.world.people.index):
                self.world.enter(one, dm, "member")

    def blocks_somebody(self, dice: Random) -> None:
        pairs = [[one.user for one in dm.open] for dm in self.world.groups.values() if dm.kind == "dm"]
        pairs = [pair for pair in pairs if len(pair) == 2]
        two = dice.choice(pairs) if pairs and dice.random() < 0.6 else dice.choices(self.world.people, k=2)
        who, other = dice.sample(two, 2)
        block = dice.random() < 0.6
        expected = 204 if who != other and self.world.met(who, other) else 404
        method = "PUT" if block else "DELETE"
        if self.does(expected, who, method, f"/api/me/blocks/{other}") is not None:
            (self.world.blocks.add if block else self.world.blocks.discard)((who, other))

    # --- messages -----------------------------------------------------------------------------------------

    def posts(self, dice: Random) -> None:
        self._post(*self.somewhere(dice), None)

    def posts_in_a_room(self, dice: Random) -> None:
        self._post(*self.somewhere(dice, "channel", "dm"), None)

    def replies(self, dice: Random) -> None:
        who, name = self.something(dice)
        said = self.world.messages.get(name)
        there = said is not None and dice.random() < 0.9
        group = self.world.groups[said.group] if said and there else self.somewhere(dice)[1]
        self._post(who, group, name)

    def _post(self, who: str, group: Group, reply_to: str | None) -> None:
        name, text = str(uuid7()), f"word {next(numbers)}"
        expected = judge.post(self.world, who, group, reply_to)
        said: dict[str, Any] = {"group": group.id, "text": text}
        if reply_to is not None:
            said["reply_to"] = reply_to
        placed = self.does(expected, who, "PUT", f"/api/messages/{name}", said)
        if placed:
            one = Said(name, group.id, who, text, placed["seq"], self.world.time, reply_to)
            group.said.append(one)
            self.world.messages[name] = one

    def edits(self, dice: Random) -> None:
        who, name = self.something(dice)
        text = f"other word {next(numbers)}"
        expected = judge.edit(self.world, who, name)
        if self.does(expected, who, "PATCH", f"/api/messages/{name}", {"text": text}) is not None:
            self.world.messages[name].text = text
            self.world.messages[name].edits.append(self.world.time)

    def deletes(self, dice: Random) -> None:
        who, name = self.something(dice)
        if self.does(judge.delete(self.world, who, name), who, "DELETE", f"/api/messages/{name}") is not None:
            said = self.world.messages[name]
            said.text, said.reply_to, said.emotes = None, None, set()
            pinned = self.world.groups[said.group].pinned
            pinned[:] = [each for each in pinned if each != name]

    def reacts(self, dice: Random) -> None:
        who, name = self.something(dice)
        emote, on = dice.choice(EMOTES), dice.random() < 0.7
        expected = judge.react(self.world, who, name, on=on)
        path = f"/api/messages/{name}/emotes/{quote(emote)}"
        if self.does(expected, who, "PUT" if on else "DELETE", path) is not None:
            emotes = self.world.messages[name].emotes
            (emotes.add if on else emotes.discard)((emote, who))

    def pins(self, dice: Random) -> None:
        who, name = self.something(dice)
        on = dice.random() < 0.7
        expected = judge.pin(self.world, who, name)
        method = "PUT" if on else "DELETE"
        if self.does(expected, who, method, f"/api/messages/{name}/pin") is not None:
            pinned = self.world.groups[self.world.messages[name].group].pinned
            if on != (name in pinned):
                (pinned.append if on else pinned.remove)(name)

    def reads(self, dice: Random) -> None:
        who, name = self.something(dice)
        back = dice.random() < 0.3
        said = self.world.messages.get(name)
        if said is None:
            return
        group = self.world.groups[said.group]
        expected = 200 if self.world.membership(who, group) else 404
        place = {"seq": said.seq, "back": back}
        if self.does(expected, who, "PUT", f"/api/groups/{group.id}/read", place) is not None:
            stood = self.world.pointers.get((who, group.id))
            if not back:
                self.world.pointers[who, group.id] = max(said.seq, stood or 0)
            elif stood is not None:
                self.world.pointers[who, group.id] = min(said.seq, stood)
