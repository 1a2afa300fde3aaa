"""What one person sees, in three ways: by the model, through the calls, through raw SQL.

Each way tells it in the same shape, so that they can be compared word for word.
"""

import json
from collections.abc import Mapping
from typing import Any

from house.gateway import SAYS_WHO_ASKS
from model.rig import Rig
from model.world import Group, Said, World

Seen = dict[str, Any]

# Everything that row-level security lets this person see, in one round trip.
ROWS = """
select jsonb_build_object(
  'groups', (select coalesce(jsonb_agg(g), '[]') from groups g_, lateral (select g_.id, g_.kind, g_.parent,
      g_.members_of = g_.id as own, g_.name, g_.announce, g_.landing, g_.archived_at is not null as archived,
      g_.rooms_by_admins, g_.dms_off, g_.history, g_.joining_paused, g_.members_invite,
      g_.suspended_at is not null as suspended) g),
  'labels', (select coalesce(jsonb_agg(jsonb_build_array(group_id, key, name)), '[]') from labels),
  'carried', (select coalesce(jsonb_agg(jsonb_build_array(l.group_id, u.sub, l.key)), '[]')
      from member_labels m join labels l on l.id = m.label_id join users u on u.id = m.user_id),
  'memberships', (select coalesce(jsonb_agg(jsonb_build_array(m.group_id, u.sub, m.role, m.to_seq is null)),
      '[]') from memberships m join users u on u.id = m.user_id),
  'people', (select coalesce(jsonb_agg(jsonb_build_array(sub, name)), '[]') from users),
  'messages', (select coalesce(jsonb_agg(jsonb_build_array(m.id, m.group_id, m.seq, u.sub, m.text, m.reply_to,
      m.edited_at is not null and m.deleted_at is null, m.deleted_at is not null)), '[]')
      from messages m join users u on u.id = m.author),
  'emotes', (select coalesce(jsonb_agg(jsonb_build_array(e.message_id, e.emote, u.sub)), '[]')
      from emotes e join users u on u.id = e.user_id),
  'pins', (select coalesce(jsonb_agg(jsonb_build_array(group_id, message_id)), '[]') from pins),
  'pointers', (select coalesce(jsonb_agg(jsonb_build_array(u.sub, group_id, seq)), '[]')
      from read_pointers p join users u on u.id = p.user_id),
  'follows', (select coalesce(jsonb_agg(jsonb_build_array(u.sub, group_id, is_on)), '[]')
      from follows f join users u on u.id = f.user_id))::text
"""
LOG = "select seq, body from actions where group_id = $1 order by seq"


# --- raw SQL ------------------------------------------------------------------------------------------------


async def rows(rig: Rig, user: str) -> Seen:
    """As a gateway sees it that may only read."""
    async with rig.reader.transaction():
        await rig.reader.execute(SAYS_WHO_ASKS, user)
        found: Seen = json.loads(await rig.reader.fetchval(ROWS))
    own = {name: _sorted(found[name]) for name in found}
    own["groups"] = _sorted(list(each.values()) for each in map(_in_order, found["groups"]))
    return own


def rows_expected(world: World, user: str) -> Seen:
    """By the model."""
    groups = world.readable(user)
    heard = [said for group in groups for said in world.heard(user, group)]
    names = {said.id for said in heard}

    return {
        "groups": _sorted(list(_in_order(_shape(group)).values()) for group in groups),
        "memberships": _sorted(
            [group.id, one.user, one.role, one.left is None] for group in groups for one in group.ever
        ),
        "labels": _sorted(
            [group.id, label, name] for group in groups for label, name in group.labels.items()
        ),
        "carried": _sorted([group.id, user, label] for group in groups for user, label in group.carried),
        "people": _sorted([each, world.names[each]] for each in world.seen_people(user)),
        "messages": _sorted(
            [said.id, said.group, said.seq, said.author, said.text, said.reply_to,
             bool(said.edits) and said.text is not None, said.text is None]
            for said in heard
        ),
        "emotes": _sorted([said.id, emote, by] for said in heard for emote, by in said.emotes),
        "pins": _sorted([group.id, pin] for group in groups for pin in group.pinned if pin in names),
        "pointers": _sorted(_ones_own(user, groups, world.pointers)),
        "follows": _sorted(_ones_own(user, groups, world.follows)),
    }  # fmt: skip


def _ones_own(user: str, groups: list[Group], kept: Mapping[tuple[str, int], Any]) -> list[Any]:
    return [[user, group.id, kept[user, group.id]] for group in groups if (user, group.id) in kept]


async def log_in_rows(rig: Rig, user: str, group: int) -> list[tuple[int, Any]]:
    """The actions of a group that row-level security opens."""
    async with rig.reader.transaction():
        await rig.reader.execute(SAYS_WHO_ASKS, user)
        return [(row["seq"], json.loads(row["body"])) for row in await rig.reader.fetch(LOG, group)]


def _shape(group: Group) -> Seen:
    return {
        "id": group.id, "kind": group.kind, "parent": group.parent, "own": group.own, "name": group.name,
        "announce": group.announce, "landing": group.landing, "archived": group.archived,
        "rooms_by_admins": group.rooms_by_admins, "dms_off": group.dms_off, "history": group.history,
        "joining_paused": group.joining_paused, "members_invite": group.members_invite,
        "suspended": group.suspended,
    }  # fmt: skip


def _in_order(found: Seen) -> Seen:
    return {name: found[name] for name in sorted(found)}


def _sorted(found: Any) -> list[Any]:
    return sorted(found, key=repr)


# --- through the calls --------------------------------------------------------------------------------------


async def own_list(rig: Rig, token: str) -> Seen:
    """What `GET /api/me` says."""
    status, me = await rig.asked("GET", "/api/me", token)
    assert status == 200, me
    wanted = (
        "group", "kind", "name", "parent", "role", "read", "unread", "private", "followed", "manages",
        "may_post", "announce", "landing", "archived", "rooms_by_admins", "dms_off", "history",
        "joining_paused", "members_invite", "suspended",
    )  # fmt: skip
    groups = [
        {name: each[name] for name in wanted} | {"people": sorted(one["user"] for one in each["people"])}
        for each in me["groups"]
    ]
    return {"groups": sorted(groups, key=lambda each: int(each["group"])), "blocked": sorted(me["blocked"])}


def own_list_expected(world: World, user: str) -> Seen:
    """By the model."""
    groups = []
    for group in sorted(world.readable(user), key=lambda each: each.id):
        one = world.membership(user, group)
        assert one is not None
        shape = _shape(group)
        people = {each.user for each in group.ever} - {user} if group.kind == "dm" else ()
        groups.append(
            {"group": shape.pop("id"), "private": shape.pop("own")} | shape
            | {"role": one.role, "read": world.pointers.get((user, group.id), 0),
               "unread": world.unread(user, group), "followed": world.follow(user, group),
               "manages": world.manages(user, group), "may_post": world.may_post(user, group),
               "people": sorted(people)}
        )  # fmt: skip
    return {"groups": groups, "blocked": sorted(other for one, other in world.blocks if one == user)}


async def room(rig: Rig, token: str, group: int, page: int) -> Seen | int:
    """A group from inside, its messages by pages; or the status by which its existence is denied."""
    status, shown = await rig.asked("GET", f"/api/groups/{group}/snapshot", token)
    if status != 200:
        return status
    messages: list[Any] = []
    before, more = 2**62, True
    while more:
        status, found = await rig.asked(
            "GET", f"/api/groups/{group}/messages?before={before}&limit={page}", token
        )
        assert status == 200, found
        messages = found["messages"] + messages
        more = found["more"]
        before = messages[0]["seq"] if messages else 0
    assert shown["messages"] == messages[-len(shown["messages"]) :] if messages else not shown["messages"]
    return {
        "kind": shown["kind"], "name": shown["name"], "parent": shown["parent"],
        "private": shown["private"], "archived": shown["archived"], "announce": shown["announce"],
        "members": sorted(
            [each["user"], each["name"], each["role"], each["left"], each.get("labels", [])]
            for each in shown["members"]
        ),
        "pinned": shown["pinned"],
        "labels": {each["label"]: each["name"] for each in shown["labels"]},
        "messages": [_told(each) for each in messages],
    }  # fmt: skip


def room_expected(world: World, user: str, group: Group) -> Seen | int:
    """By the model."""
    if not world.membership(user, group):
        return 404
    latest = {one.user: one for one in group.ever}
    return {
        "kind": group.kind, "name": group.name, "parent": group.parent,
        "private": group.own, "archived": group.archived, "announce": group.announce,
        "members": sorted(
            [each.user, world.names[each.user], each.role, each.left is not None, _labels(group, each.user)]
            for each in latest.values()
        ),
        "pinned": group.pinned,
        "labels": group.labels,
        "messages": [_said(said) for said in world.heard(user, group)],
    }  # fmt: skip


def _labels(group: Group, user: str) -> list[str]:
    return sorted(label for whose, label in group.carried if whose == user)


async def log(rig: Rig, token: str, group: int) -> list[tuple[int, Any]] | int:
    """The actions of a group that a call gives out, or its refusal."""
    status, found = await rig.asked("GET", f"/api/groups/{group}/actions?after=0", token)
    if status != 200:
        return status
    assert not found["more"]
    bodies = [(each.pop("seq"), each) for each in found["actions"]]
    for _, body in bodies:
        body.pop("at")
    return bodies


def words(world: World, user: str, group: Group) -> set[tuple[str, str]]:
    """What their log says that somebody said: as it stands now, wherever it stands. Who came after a message
    and before its edit hears the edit.
    """
    first = world.first(user, group)
    return {(said.id, said.text or "") for said in group.said if max(said.at, *said.edits, 0) >= first}


def _told(message: Seen) -> Seen:
    """A message as a call tells it."""
    emotes = [[each["emote"], user] for each in message.get("emotes", ()) for user in each["users"]]
    return {
        "id": message["id"], "seq": message["seq"], "author": message["author"], "text": message["text"],
        "reply_to": message.get("reply_to"), "edited": "edited_at" in message,
        "deleted": message.get("deleted", False), "emotes": sorted(emotes),
    }  # fmt: skip


def _said(said: Said) -> Seen:
    """The same by the model."""
    gone = said.text is None
    return {
        "id": said.id, "seq": said.seq, "author": said.author, "text": said.text or "",
        "reply_to": said.reply_to, "edited": bool(said.edits) and not gone, "deleted": gone,
        "emotes": sorted([emote, by] for emote, by in said.emotes),
    }  # fmt: skip
