"""What a client does with an action, in Python: (state, action) → state, as web/src/state/apply.ts does.

The state is a snapshot as plain JSON. Both are held to the same fixtures (tests/fixtures/actions).
"""

from typing import Any

State = dict[str, Any]
CHANGES_NOTHING_HERE = {"added_to_group", "removed_from_group", "sign_in_changed", "join_code_created"}


def empty(like: State) -> State:
    """Before the first action: nothing but what the log cannot say (which group this is)."""
    kept = {key: like[key] for key in ("group", "epoch", "kind", "parent")}
    name = "" if like["kind"] in ("club", "self") else like["name"]
    return kept | {"seq": 0, "name": name, "members": [], "messages": [], "window": 1}


def apply(state: State, action: dict[str, Any]) -> State:
    """The state after one more action; it must be the next."""
    assert action["seq"] == state["seq"] + 1, (state["group"], state["seq"], action)
    after = state | {"seq": action["seq"]}
    kind = action["type"]
    if kind == "club_created":
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
    kept = {key: state[key] for key in ("group", "epoch", "seq", "kind", "name", "parent")}
    return kept | {
        "members": sorted(state["members"], key=lambda member: str(member["user"])),
        "messages": [message for message in state["messages"] if message["seq"] >= window],
    }


def _set_member(state: State, member: dict[str, Any]) -> None:
    state["members"] = [known for known in state["members"] if known["user"] != member["user"]]
    state["members"].append(member)


def _message(group: int, action: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": action["id"],
        "group": group,
        "seq": action["seq"],
        "author": action["author"],
        "text": action["text"],
        "sent_at": action["at"],
    }
