"""What there is, in plain Python: people, groups, who is in what since when, and what was said.

Time is a number that grows with every act. A place in a log is told by it, too: what was said before the
first moment that somebody may read in a group is not theirs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

RUNS_IT = ("owner", "admin")


@dataclass
class Said:
    """A message; `text` None = it was deleted."""

    id: str
    group: int
    author: str
    text: str | None
    seq: int
    at: int
    reply_to: str | None = None
    edits: list[int] = field(default_factory=list)  # when
    emotes: set[tuple[str, str]] = field(default_factory=set)  # emote, user


@dataclass
class Membership:
    """`first` = from which moment on it may read, 0 = all; `below` the same of each room that inherits from a
    club and was there when they came. Open until `left`.
    """

    user: str
    role: str
    first: int
    opened: int
    left: int | None = None
    below: dict[int, int] = field(default_factory=dict)


@dataclass
class Code:
    """What opens a club: `uses` None = without end; `rooms` with those who put them there."""

    typed: str
    id: int
    club: int
    by: str
    role: str = "member"
    uses: int | None = None
    main: bool = False
    revoked: bool = False
    rooms: dict[int, str] = field(default_factory=dict)


@dataclass
class Group:
    """`own` = it has members of its own; the others have those of the club above."""

    id: int
    kind: str
    name: str
    parent: int | None = None
    own: bool = True
    creator: str | None = None
    announce: bool = False
    landing: bool = False
    archived: bool = False
    rooms_by_admins: bool = False
    dms_off: bool = False
    history: str = "all"
    joining_paused: bool = False
    members_invite: bool = False
    suspended: bool = False
    deleted: bool = False
    blocked: set[str] = field(default_factory=set)
    labels: dict[str, str] = field(default_factory=dict)
    carried: set[tuple[str, str]] = field(default_factory=set)  # user, label
    ever: list[Membership] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    pinned: list[str] = field(default_factory=list)

    def now(self, user: str) -> Membership | None:
        """The membership that is open."""
        return next((one for one in self.ever if one.user == user and one.left is None), None)

    def role(self, user: str) -> str | None:
        """Of somebody who is in it now."""
        one = self.now(user)
        return one.role if one is not None else None

    @property
    def open(self) -> list[Membership]:
        """In the order in which they came."""
        return [one for one in self.ever if one.left is None]


@dataclass
class World:
    """Everything, and the questions that one may ask about it."""

    time: int = 0
    people: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    groups: dict[int, Group] = field(default_factory=dict)
    messages: dict[str, Said] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    secure: set[str] = field(default_factory=set)  # who has a password
    blocks: set[tuple[str, str]] = field(default_factory=set)
    follows: dict[tuple[str, int], bool] = field(default_factory=dict)
    pointers: dict[tuple[str, int], int] = field(default_factory=dict)

    # --- reading ------------------------------------------------------------------------------------------

    def judged(self, group: Group) -> Group:
        """Whose members are asked."""
        return group if group.own or group.parent is None else self.groups[group.parent]

    def membership(self, user: str, group: Group) -> Membership | None:
        """By which somebody may read a group."""
        return self.judged(group).now(user)

    def readable(self, user: str) -> list[Group]:
        """The groups that exist for somebody."""
        return [group for group in self.groups.values() if self.membership(user, group)]

    def first(self, user: str, group: Group) -> int:
        """From which moment on they may read it."""
        one = self.membership(user, group)
        assert one is not None
        return one.first if group.own else one.below.get(group.id, 0)

    def heard(self, user: str, group: Group) -> list[Said]:
        """The messages that they may read."""
        return [said for said in group.said if said.at >= self.first(user, group)]

    def message(self, user: str, name: str) -> Said | None:
        """One of them, by its id."""
        said = self.messages.get(name)
        if said is None or not self.membership(user, self.groups[said.group]):
            return None
        return said if said.at >= self.first(user, self.groups[said.group]) else None

    def seen_people(self, user: str) -> set[str]:
        """Whom they may know by name: all who ever were in one of their groups."""
        return {one.user for group in self.readable(user) for one in group.ever}

    def unread(self, user: str, group: Group) -> int:
        """What others said behind the pointer and since they came."""
        one = self.membership(user, group)
        assert one is not None
        read = self.pointers.get((user, group.id), 0)
        return sum(
            said.seq > read and said.author != user and said.text is not None and said.at >= one.opened
            for said in self.heard(user, group)
        )

    def follow(self, user: str, group: Group) -> bool:
        """Whether it is in their list."""
        return group.own or self.follows.get((user, group.id), group.landing)

    # --- rights -------------------------------------------------------------------------------------------

    def manages(self, user: str, group: Group) -> bool:
        """Whether they may change it."""
        one = self.membership(user, group)
        return one is not None and (one.role in RUNS_IT or (not group.own and group.creator == user))

    def may_post(self, user: str, group: Group) -> bool:
        """Of somebody who may read it."""
        if group.archived or group.suspended or (group.announce and not self.manages(user, group)):
            return False
        return group.kind != "dm" or self._may_write(user, group)

    def _may_write(self, user: str, dm: Group) -> bool:
        two = len(dm.ever) == 2
        return any(
            self.share_a_club(user, one.user) and not (two and self.blocked(user, one.user))
            for one in dm.open
            if one.user != user
        )

    def in_a_club(self, one: str, other: str) -> bool:
        """Whether both are in some club now."""
        return any(club.now(one) and club.now(other) for club in self._clubs())

    def share_a_club(self, one: str, other: str) -> bool:
        """Whether a club lets them write to each other."""
        roles = [(club, club.role(one), club.role(other)) for club in self._clubs()]
        return any(a and b and (not club.dms_off or {a, b} & {*RUNS_IT}) for club, a, b in roles)

    def blocked(self, one: str, other: str) -> bool:
        """Either way."""
        return bool({(one, other), (other, one)} & self.blocks)

    def met(self, one: str, other: str) -> bool:
        """Whether one ever saw the other among the members of a club or a conversation."""
        return any(
            mine.left is None or theirs.opened < mine.left
            for group in self.groups.values()
            if group.kind in ("club", "dm")
            for mine in group.ever
            for theirs in group.ever
            if mine.user == one and theirs.user == other
        )

    def _clubs(self) -> Iterator[Group]:
        return (group for group in self.groups.values() if group.kind == "club")

    def below(self, club: Group) -> list[Group]:
        """All rooms of a club, and its admins' group."""
        return [group for group in self.groups.values() if group.parent == club.id]

    # --- changes ------------------------------------------------------------------------------------------

    def enter(self, user: str, group: Group, role: str, first: int = 0) -> None:
        """From now on."""
        group.ever.append(Membership(user, role, first, self.time))

    def enter_club(self, user: str, club: Group, role: str = "member") -> None:
        """They read as much of what was said as its newcomers do."""
        self.enter(user, club, role, self.time if club.history == "none" else 0)
        if club.history == "none":
            club.ever[-1].below = {room.id: self.time for room in self.below(club) if not room.own}

    def close(self, user: str, group: Group) -> None:
        """Their membership of it ends, if they have one there. A private room is handed on or archived."""
        one = group.now(user)
        if one is None:
            return
        one.left = self.time
        if group.kind == "channel" and "owner" not in {each.role for each in group.open}:
            if group.open:
                group.open[0].role = "owner"
            else:
                group.archived = True

    def leave(self, user: str, club: Group) -> None:
        """A club and everything in it; conversations stay."""
        for group in (club, *self.below(club)):
            self.close(user, group)
            self.follows.pop((user, group.id), None)
        club.carried = {(whose, label) for whose, label in club.carried if whose != user}

    def delete(self, club: Group) -> None:
        """Everybody is out of it, and no code opens it."""
        for group in (club, *self.below(club)):
            group.deleted = True
            for one in group.open:
                one.left = self.time
        for code in self.codes.values():
            code.revoked = code.revoked or code.club == club.id

    def forget(self, user: str) -> None:
        """Their account is deleted: they are out of everything, and have no name any more."""
        for group in list(self.groups.values()):
            if group.kind == "club" and group.now(user):
                self.leave(user, group)
        for group in self.groups.values():
            self.close(user, group)
        self.names[user] = "Gone"
        self.people.remove(user)
        self.gone.append(user)
        self.secure.discard(user)
        self.blocks = {pair for pair in self.blocks if user not in pair}
        for kept in (self.pointers, self.follows):
            for key in [key for key in kept if key[0] == user]:
                del kept[key]

    def last_owner(self, user: str) -> bool:
        """Whether a club would be without an owner if they left."""
        owners = ([one.user for one in club.open if one.role == "owner"] for club in self._clubs())
        return [user] in owners

    def admins(self, club: Group) -> Group:
        """The group of those who run it."""
        return next(group for group in self.below(club) if group.kind == "admins")

    def give_role(self, user: str, club: Group, role: str) -> None:
        """In the club and among those who run it."""
        one, admins = club.now(user), self.admins(club)
        assert one is not None
        one.role = role
        among = admins.now(user)
        if role == "member":
            self.close(user, admins)
        elif among is not None:
            among.role = role
        else:
            self.enter(user, admins, role)

    def opens(self, code: Code, user: str) -> bool:
        """Whether it lets them in now."""
        club = self.groups[code.club]
        if code.revoked or user in club.blocked:
            return False
        if club.now(user):
            return True
        return code.uses != 0 and not club.joining_paused and not club.suspended

    def come(self, code: Code, user: str) -> None:
        """In, and wherever the code leads."""
        club = self.groups[code.club]
        runs = code.role == "admin" and user in self.secure and club.role(code.by) == "owner"
        self.enter_club(user, club, "admin" if runs else "member")
        if runs:
            self.enter(user, self.admins(club), "admin")
        for room, by in ((self.groups[room], by) for room, by in code.rooms.items()):
            host = room.now(by) if room.own else None
            if room.archived:
                continue
            if not room.own and not self.follow(user, room):
                self.follows[user, room.id] = True
            elif host is not None:
                self.enter(user, room, "member", host.first if club.history == "all" else self.time)
        if code.uses is not None:
            code.uses -= 1
