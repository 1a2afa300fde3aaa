"""What a client does with an action, in Python: (state, action) → state, as web/src/state/apply.ts does.

The state is a snapshot as plain JSON. Both are held to the same fixtures (tests/fixtures/actions).
"""

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
State = Json
Action = Json
CHANGES_NOTHING_HERE = {
    "activity_seen",
    "added_to_group",
    "channel_followed",
    "channel_listed",
    "club_deleted",
    "dm_created",
    "group_muted",
    "group_unmuted",
    "level_changed",
    "quiet_hours_changed",
    "invitations_sent",
    "join_answered",
    "join_asked",
    "join_code_changed",
    "join_code_created",
    "join_code_revoked",
    "join_settled",
    "email_verified",
    "event_reminded",
    "event_ticked",
    "letters_changed",
    "passkeys_changed",
    "identities_changed",
    "person_blocked",
    "person_unblocked",
    "removed_from_group",
    "report_closed",
    "reported",
    "sign_in_changed",
    "sign_in_link_handed",
}
OF_A_CHANNEL = ("name", "description", "announce", "landing", "archived", "private")
OF_A_CLUB = (
    "rooms_by_admins",
    "dms_off",
    "name",
    "time_zone",
    "language",
    "sign",
    "colour",
    "picture",
    "history",
    "members_invite",
    "announce",
    "joining_paused",
    "default_level",
    "events_by_members",
)
UNSAID: State = {
    "description": "",
    "announce": False,
    "landing": False,
    "archived": False,
    "rooms_by_admins": False,
    "dms_off": False,
    "time_zone": None,
    "language": None,
    "sign": None,
    "colour": 0,
    "picture": None,
    "history": "all",
    "joining_paused": False,
    "members_invite": False,
    "default_level": None,
    "events_by_members": False,
    "suspended": False,
    "labels": [],
    "pinned": [],
    "private": True,
    "event": None,
    "club_emotes": [],
}
"""Before anything was said about it."""


def empty(like: State) -> State:
    """Before the first action: nothing but what the log cannot say (which group this is)."""
    kept = {key: like[key] for key in ("group", "epoch", "kind", "parent")}
    name = "" if like["kind"] in ("club", "self", "channel", "event") else like["name"]
    return kept | {"seq": 0, "name": name, "members": [], "messages": [], "window": 1} | UNSAID


def apply(state: State, action: Action) -> State:
    """The state after one more action; it must be the next."""
    assert action["seq"] == state["seq"] + 1, (state["group"], state["seq"], action)
    after = state | {"seq": action["seq"]}
    kind = action["type"]
    if "id" in action and kind != "message_posted":
        _change_message(after, action)
        return after
    assert kind in CHANGES or kind in CHANGES_NOTHING_HERE, f"this client does not know {kind}"
    return after | (CHANGES[kind](state, action) if kind in CHANGES else {})


def _named(state: State, action: Action) -> State:
    return {"name": action["name"]}


def _of_a_channel(state: State, action: Action) -> State:
    return {name: action[name] for name in OF_A_CHANNEL if name in action}


def _of_a_club(state: State, action: Action) -> State:
    return {name: action[name] for name in OF_A_CLUB if name in action}


def _suspended(state: State, action: Action) -> State:
    return {"suspended": action["on"]}


def _account_created(state: State, action: Action) -> State:
    member = {"user": action["user"], "name": action["name"], "role": "owner", "left": False}
    return {"name": action["name"], "members": _with_member(state, member)}


def _joined(state: State, action: Action) -> State:
    said = {key: action[key] for key in ("user", "name", "role", "managed", "avatar") if key in action}
    return {"members": _with_member(state, said | {"left": False})}


def _with_member(state: State, member: Json) -> list[Json]:
    return [*(known for known in state["members"] if known["user"] != member["user"]), member]


def _of_a_member(change: Callable[[Json, Action], Json]) -> Callable[[State, Action], State]:
    """What an action changes of the one whom it names."""

    def changed(state: State, action: Action) -> State:
        user = action["user"]
        return {"members": [change(m, action) if m["user"] == user else m for m in state["members"]]}

    return changed


def _profile(state: State, action: Action) -> State:
    return _of_a_member(_renamed)(state, action) | {"name": action["name"]}


def _renamed(member: Json, action: Action) -> Json:
    return member | {"name": action["name"]}


def _role(member: Json, action: Action) -> Json:
    return member | {"role": action["role"]}


def _left(member: Json, _: Action) -> Json:
    return _without(member, "labels", "avatar") | {"left": True}


def _gone(member: Json, _: Action) -> Json:
    return _without(member, "managed") | {"name": "Gone", "gone": True}


def _arrived(member: Json, _: Action) -> Json:
    return _without(member, "managed")


def _labelled(member: Json, action: Action) -> Json:
    return _carrying(member, action["labels"])


def _carrying(member: Json, labels: list[str]) -> Json:
    return _without(member, "labels") | ({"labels": labels} if labels else {})


def _pictured(member: Json, action: Action) -> Json:
    return _without(member, "avatar") | ({"avatar": action["avatar"]} if "avatar" in action else {})


def _without(member: Json, *names: str) -> Json:
    return {key: value for key, value in member.items() if key not in names}


def _label_defined(state: State, action: Action) -> State:
    """In the order of their ids."""
    others = [one for one in state["labels"] if one["label"] != action["label"]]
    labels = [*others, {"label": action["label"], "name": action["name"]}]
    return {"labels": sorted(labels, key=lambda one: str(one["label"]))}


def _label_removed(state: State, action: Action) -> State:
    """Carried by nobody any more."""
    gone = action["label"]
    return {
        "labels": [one for one in state["labels"] if one["label"] != gone],
        "members": [_carrying(m, [x for x in m.get("labels", ()) if x != gone]) for m in state["members"]],
    }


def _club_emote_defined(state: State, action: Action) -> State:
    """In the order of their names."""
    others = [one for one in state["club_emotes"] if one["file"] != action["file"]]
    emotes = [*others, {"file": action["file"], "name": action["name"]}]
    return {"club_emotes": sorted(emotes, key=lambda one: str(one["name"]))}


def _club_emote_removed(state: State, action: Action) -> State:
    return {"club_emotes": [one for one in state["club_emotes"] if one["file"] != action["file"]]}


def _posted(state: State, action: Action) -> State:
    return {"messages": [*state["messages"], _message(state["group"], action)]}


NOBODY: Json = {"going": 0, "maybe": 0, "no": 0, "waiting": 0, "taken": 0, "labels": {}}


def _event_created(state: State, action: Action) -> State:
    event = {"event": action["event"], "by": action["by"], "cancelled": False, "cover": None}
    return {"private": False} | _planned(state | {"event": event | {"occurrences": []}}, action)


def _planned(state: State, action: Action) -> State:
    """What it says, and when; who had answered stays, and is shown where everybody sees it."""
    listed = action["says"]["list_shown"] == "all"
    counts = {
        one["key"]: {name: value for name, value in one["counts"].items() if listed or name != "faces"}
        for one in state["event"]["occurrences"]
    }
    says = {key: value for key, value in action["says"].items() if key != "name"}
    occurrences = [one | {"counts": counts.get(one["key"], NOBODY)} for one in action["occurrences"]]
    return {"name": action["says"]["name"], "event": state["event"] | says | {"occurrences": occurrences}}


def _event_cancelled(state: State, action: Action) -> State:
    if "key" not in action:
        return {"event": state["event"] | {"cancelled": True}}
    return _of_an_occurrence(state, action["key"], {"cancelled": True})


def _event_covered(state: State, action: Action) -> State:
    return {"event": state["event"] | {"cover": action.get("cover")}}


def _event_answered(state: State, action: Action) -> State:
    """Where it tells of an event elsewhere it changes nothing here."""
    return _of_an_occurrence(state, action["key"], {"counts": action["counts"]}) if "counts" in action else {}


def _of_an_occurrence(state: State, key: str, change: Json) -> State:
    event = state["event"]
    changed = [one | change if one["key"] == key else one for one in event["occurrences"]]
    return {"event": event | {"occurrences": changed}}


CHANGES: dict[str, Callable[[State, Action], State]] = {
    "account_created": _account_created,
    "account_deleted": _of_a_member(_gone),
    "channel_changed": _of_a_channel,
    "channel_created": _of_a_channel,
    "club_changed": _of_a_club,
    "club_created": _named,
    "club_emote_defined": _club_emote_defined,
    "club_emote_removed": _club_emote_removed,
    "club_suspended": _suspended,
    "event_answered": _event_answered,
    "event_cancelled": _event_cancelled,
    "event_changed": _planned,
    "event_counted": _event_answered,
    "event_covered": _event_covered,
    "event_created": _event_created,
    "group_renamed": _named,
    "label_defined": _label_defined,
    "label_removed": _label_removed,
    "member_joined": _joined,
    "member_labelled": _of_a_member(_labelled),
    "member_removed": _of_a_member(_left),
    "message_posted": _posted,
    "person_arrived": _of_a_member(_arrived),
    "person_pictured": _of_a_member(_pictured),
    "person_renamed": _of_a_member(_renamed),
    "profile_changed": _profile,
    "role_changed": _of_a_member(_role),
}


def comparable(state: State, window: int) -> State:
    """Members in one order, and only the messages that the shorter of two windows shows."""
    kept = {key: state[key] for key in ("group", "epoch", "seq", "kind", "name", "parent", *UNSAID)}
    return kept | {
        "members": sorted(state["members"], key=lambda member: str(member["user"])),
        "messages": [message for message in state["messages"] if message["seq"] >= window],
    }


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
    if kind == "link_previewed":
        return _without(message, "preview") | {key: action[key] for key in ("preview",) if key in action}
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
    kept = ("reply_to", "deleted") if action.get("deleted") else ("reply_to", "event", "images")
    said = {key: action[key] for key in kept if key in action}
    return said | {
        "id": action["id"],
        "group": group,
        "seq": action["seq"],
        "author": action["author"],
        "text": action["text"],
        "sent_at": action["at"],
    }
