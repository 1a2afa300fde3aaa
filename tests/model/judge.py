"""Who may do what, by the model: the status that a call has to answer with."""

from model.world import RUNS_IT, Group, World


def code(world: World, who: str, club: Group) -> int:
    """See the code of a club."""
    if not club.now(who) or club.kind != "club":
        return 404
    runs = club.role(who) in RUNS_IT
    if not runs and not club.members_invite:
        return 403
    codes = [one for one in world.codes.values() if one.club == club.id and one.role == "member"]
    fit = (one for one in codes if runs or (one.main and not one.rooms))
    return 200 if any(not one.revoked and one.uses != 0 for one in fit) else 404


def remove(world: World, who: str, group: Group, target: str) -> int:
    """Leave, or take somebody out."""
    if group.kind in ("channel", "dm"):
        return _remove_from_room(world, who, group, target)
    mine, theirs = group.role(who), group.role(target)
    if mine is None or theirs is None:
        return 404
    if group.kind != "club":
        return 403
    if who != target and not (mine == "owner" or (mine, theirs) == ("admin", "member")):
        return 403
    alone = theirs == "owner" and [one.role for one in group.open].count("owner") == 1
    return 409 if alone else 204


def _remove_from_room(world: World, who: str, room: Group, target: str) -> int:
    mine = room.role(who)
    if mine is None:
        return 403 if world.membership(who, room) else 404
    if room.role(target) is None:
        return 404
    allowed = room.kind != "dm" and (mine == "owner" or _runs_the_club(world, who, room))
    if who != target and not allowed:
        return 403
    return 403 if room.kind == "dm" and len(room.ever) == 2 else 204


def _runs_the_club(world: World, who: str, room: Group) -> bool:
    return room.parent is not None and world.groups[room.parent].role(who) in RUNS_IT


def make_room(world: World, who: str, club: Group, *, announce: bool) -> int:
    """A room in a club."""
    role = club.role(who)
    if role is None or club.kind != "club":
        return 404
    return 403 if club.suspended or (role == "member" and (announce or club.rooms_by_admins)) else 201


OF_ROOMS = ("name", "announce", "landing", "archived")
OF_CLUBS = (
    "name", "announce", "history", "joining_paused", "members_invite", "rooms_by_admins", "dms_off"
)  # fmt: skip
BY_ADMINS = ("name", "joining_paused")


def change(world: World, who: str, group: Group, what: str, to: object) -> int:
    """What a room is like, or what is decided for a club."""
    one = world.membership(who, group)
    if one is None:
        return 404
    if group.kind == "channel":
        allowed = world.manages(who, group) and not group.suspended and what in OF_ROOMS
        of_admins = what in ("announce", "landing") and getattr(group, what) != to
        return 204 if allowed and not (one.role == "member" and of_admins) else 403
    if group.kind != "club" or group.suspended or one.role == "member" or what not in OF_CLUBS:
        return 403
    return 403 if one.role == "admin" and what not in BY_ADMINS else 204


def add(world: World, who: str, room: Group, people: list[str]) -> int:
    """Members of the club into a room."""
    if not world.membership(who, room):
        return 404
    if room.kind != "channel" or room.archived or room.parent is None:
        return 403
    for one in sorted(people, key=world.people.index):
        if not world.groups[room.parent].now(one):
            return 404
        if room.own and room.suspended and not room.now(one):
            return 403
    return 204


def follow(world: World, who: str, room: Group) -> int:
    """Into one's list, or out of it."""
    if not world.membership(who, room):
        return 404
    return 403 if room.own else 204


def conversation(world: World, people: set[str]) -> Group | None:
    """The one that these people have."""
    dms = (group for group in world.groups.values() if group.kind == "dm")
    return next((dm for dm in dms if {one.user for one in dm.ever} == people), None)


def open_dm(world: World, who: str, others: list[str], known: Group | None) -> int:
    """A conversation."""
    if known is not None:
        return 200 if known.now(who) else 403
    for one in sorted(others, key=world.people.index):
        if not world.in_a_club(who, one):
            return 404
        if not world.share_a_club(who, one) or world.blocked(who, one):
            return 403
    return 201


def post(world: World, who: str, group: Group, reply_to: str | None) -> int:
    """Say something."""
    if not world.membership(who, group):
        return 404
    if not world.may_post(who, group):
        return 403
    answered = reply_to is None or reply_to in {said.id for said in group.said}
    return 201 if answered else 400


def edit(world: World, who: str, name: str) -> int:
    """One's own message."""
    said = world.message(who, name)
    if said is None or said.text is None:
        return 404
    group = world.groups[said.group]
    return 204 if said.author == who and world.may_post(who, group) else 403


def delete(world: World, who: str, name: str) -> int:
    """By its author, or whoever runs the room."""
    said = world.message(who, name)
    if said is None:
        return 404
    group = world.groups[said.group]
    return 204 if said.author == who or (group.kind != "dm" and world.manages(who, group)) else 403


def react(world: World, who: str, name: str, *, on: bool) -> int:
    """A reaction, on or off."""
    said = world.message(who, name)
    if said is None or (on and said.text is None):
        return 404
    group = world.groups[said.group]
    over = group.archived or group.suspended or (group.kind == "dm" and not world.may_post(who, group))
    return 403 if on and over else 204


def pin(world: World, who: str, name: str) -> int:
    """On or off."""
    said = world.message(who, name)
    if said is None or said.text is None:
        return 404
    group = world.groups[said.group]
    return 204 if world.may_post(who, group) else 403


# --- of those who run a club --------------------------------------------------------------------------------


def running(who: str, club: Group) -> int:
    """Whatever only they may do, 200 if so."""
    if club.role(who) is None or club.kind != "club":
        return 404
    return 403 if club.role(who) == "member" or club.suspended else 200


def must_run(world: World, who: str, club: Group) -> int:
    """The same; that there is a group may be known to all who may read it."""
    if not world.membership(who, club):
        return 404
    return 200 if running(who, club) == 200 else 403


def role(world: World, who: str, club: Group, target: str, to: str, *, hand_over: bool) -> int:
    """Make somebody owner, admin or member."""
    mine, theirs = club.role(who), club.role(target)
    if mine is None or theirs is None:
        return 404
    stepping_down = mine == "admin" and target == who and to == "member"
    refused = (mine != "owner" and not stepping_down) or (hand_over and target == who)
    if club.kind != "club" or club.suspended or refused:
        return 403
    alone = theirs == "owner" and [one.role for one in club.open].count("owner") == 1
    unsafe = to != "member" and target not in world.secure
    if theirs != to and (alone or unsafe):
        return 409
    return 409 if hand_over and who not in world.secure else 204


def block(world: World, who: str, club: Group, target: str) -> int:
    """Remove somebody and keep them out."""
    if (status := running(who, club)) != 200:
        return status
    if who == target:
        return 403
    if club.now(target):
        return remove(world, who, club, target)
    return 204 if target in club.blocked or target in {one.user for one in club.ever} else 404
