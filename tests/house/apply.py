"""What a client does with an action, in Python: (state, action) → state, as web/src/state/apply.ts does.

The state is a snapshot as plain JSON. Both are held to the same fixtures (tests/fixtures/actions).
"""

from typing import Any

State = dict[str, Any]
CHANGES_NOTHING_HERE = {
    "added_to_group",
    "channel_followed",
    "channel_listed",
    "dm_created",
    "join_code_created",
    "person_blocked",
    "person_unblocked",
    "removed_from_group",
    "sign_in_changed",
}
OF_A_CHANNEL = ("name", "description", "announce", "landing", "archived", "private")
OF_A_CLUB = ("rooms_by_admins", "dms_off")
UNSAID: State = {
    "description": "",
    "announce": False,
    "landing": False,
    "archived": False,
    "rooms_by_admins": False,
    "dms_off": False,
    "pinned": [],
    "private": True,
}
"""Before anything was said about it."""


def empty(like: State) -> State:
    """Before the first action: nothing but what the log cannot say (which group this is)."""
    kept = {key: like[key] for key in ("group", "epoch", "kind", "parent")}
    name = "" if like["kind"] in ("club", "self", "channel") else like["name"]
    return kept | {"seq": 0, "name": name, "members": [], "messages": [], "window": 1} | UNSAID


def apply(state: State, action: dict[str, Any]) -> State:
    """The state after one more action; it must be the next."""
    assert action["seq"] == state["seq"] + 1, (state["group"], state["seq"], action)
    after = state | {"seq": action["seq"]}
    kind = action["type"]
    if "id" in action and kind != "message_posted":
        _change_message(after, action)
    elif kind in ("channel_created", "channel_changed"):
        after |= {name: action[name] for name in OF_A_CHANNEL if name in action}
    elif kind == "club_changed":
        after |= {name: action[name] for name in OF_A_CLUB}
    elif kind == "role_changed":
        changed = {"role": action["role"]}
        after["members"] = [m | changed if m["user"] == action["user"] else m for m in state["members"]]
    elif kind == "club_created":
        after["name"] = action["name"]
    elif kind == "account_created":
        after["name"] = action["name"]
        _set_member(after, {"user": action["user"], "name": action["name"], "role": "owner", "left": False})
    elif kind == "member_joined":
        _set_member(after, {key: action[key] for key in ("user", "name", "role")} | {"left": False})
    elif kind == "member_removed":
        gone = action["user"]
        after["members"] = [m | {"left": True} if m["user"] == gone else m for m in state["members"]]
    elif kind == "message_posted":
        after["messages"] = [*state["messages"], _message(after["group"], action)]
    else:
        assert kind in CHANGES_NOTHING_HERE, f"this client does not know {kind}"
    return after


def comparable(state: State, window: int) -> State:
    """Members in one order, and only the messages that the shorter of two windows shows."""
    kept = {key: state[key] for key in ("group", "epoch", "seq", "kind", "name", "parent", *UNSAID)}
    return kept | {
        "members": sorted(state["members"], key=lambda member: str(member["user"])),
        "messages": [message for message in state["messages"] if message["seq"] >= window],
    }


def _set_member(state: State, member: dict[str, Any]) -> None:
    state["members"] = [known for known in state["members"] if known["user"] != member["user"]]
    state["members"].append(member)


def _change_message(state: State, action: dict[str, Any]) -> None:
    """What is done to a message, whether it is among those that are held or not."""
    kind, name = action["type"], action["id"]
    if kind in ("message_pinned", "message_unpinned", "message_deleted"):
        state["pinned"] = [one for one in state["pinned"] if one != name]
    if kind == "message_pinned":
        state["pinned"] = [*state["pinned"], name]
    state["messages"] = [
        _changed(message, action) if message["id"] == name else message for message in state["messages"]
    ]


def _changed(message: dict[str, Any], action: dict[str, Any]) -> dict[str, Any]:
    kind = action["type"]
    if kind == "message_deleted":
        kept = ("id", "group", "seq", "author", "sent_at")
        return {key: message[key] for key in kept} | {"text": "", "deleted": True}
    if kind == "message_edited" and not message.get("deleted"):
        return message | {"text": action["text"], "edited_at": action["at"]}
    if kind in ("emote_added", "emote_removed"):
        return _with_emote(message, action["emote"], action["user"], on=kind == "emote_added")
    return message


def _with_emote(message: dict[str, Any], emote: str, user: str, *, on: bool) -> dict[str, Any]:
    """Kinds and people are in the order of their code points."""
    kinds: dict[str, set[str]] = {kind["emote"]: set(kind["users"]) for kind in message.get("emotes", ())}
    kinds.setdefault(emote, set()).add(user)
    if not on:
        kinds[emote].discard(user)
    kept = {key: value for key, value in message.items() if key != "emotes"}
    emotes = [{"emote": kind, "users": sorted(kinds[kind])} for kind in sorted(kinds) if kinds[kind]]
    return kept | ({"emotes": emotes} if emotes else {})


def _message(group: int, action: dict[str, Any]) -> dict[str, Any]:
    said = {key: action[key] for key in ("reply_to", "deleted") if key in action}
    return said | {
        "id": action["id"],
        "group": group,
        "seq": action["seq"],
        "author": action["author"],
        "text": action["text"],
        "sent_at": action["at"],
    }
