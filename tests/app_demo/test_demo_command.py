"""The command itself, in a process and a data folder of its own."""

import io
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from clubroom.app.demo import folder
from clubroom.app.demo.progress import Progress
from clubroom.app.demo.sheet_music import sheet_music
from clubroom.app.settings import SettingError
from clubroom.dba.embedded import remove
from house.device import Device


class Running:
    """A demo that serves, and the link it printed."""

    def __init__(self, data: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        environment = {**os.environ, "CLUBROOM_DATA": str(data), "PORT": str(port), "DISPLAY": ""}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "clubroom.app", "demo"],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.said: list[str] = []
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if line.startswith("Clubroom is open: "):
                self.link = line.removeprefix("Clubroom is open: ").strip()
                break
        assert hasattr(self, "link"), "".join(self.said)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        rest, _ = self.process.communicate(timeout=30)
        self.said.append(rest)
        return self.process.returncode


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    data = tmp_path_factory.mktemp("demo") / "data"
    running = Running(data)
    yield running
    assert running.stop() == 0, "".join(running.said)
    remove(data)


@pytest.fixture(scope="module")
def member(demo: Running) -> Iterator[httpx.Client]:
    """Whoever followed the printed link."""
    url, _, secret = demo.link.partition("/sign-in#")
    with httpx.Client(base_url=url, timeout=10) as client:
        opened = client.post("/api/sessions", json={"link": secret})
        assert opened.is_success, opened.text
        client.headers["authorization"] = f"Bearer {opened.json()['access_token']}"
        yield client


def _clubs(member: httpx.Client) -> dict[str, dict[str, Any]]:
    found = member.get("/api/me").json()
    return {group["name"]: group for group in found["groups"] if group["kind"] == "club"}


@pytest.fixture(scope="module")
def chess(member: httpx.Client) -> int:
    """The small club's group."""
    return int(_clubs(member)["Thursday Chess"]["group"])


def test_whoever_waits_is_told_that_a_lively_club_is_made(demo: Running) -> None:
    assert any("Making a lively club" in line for line in demo.said)


def test_the_link_signs_in_a_member_of_both_clubs_with_something_new(member: httpx.Client) -> None:
    choir, small = _clubs(member).values()
    assert (choir["role"], small["role"]) == ("admin", "member")
    assert 15 <= choir["unread"] <= 60  # those who are lively may have begun
    assert 2 <= small["unread"] <= 10


def test_the_choir_has_sixty_members_and_five_thousand_messages_in_the_order_of_its_log(
    member: httpx.Client,
) -> None:
    group = next(iter(_clubs(member).values()))["group"]
    assert len(member.get(f"/api/groups/{group}/snapshot").json()["members"]) == 60
    posted, times, after, more = 0, list[str](), 0, True
    while more:
        page = member.get(f"/api/groups/{group}/actions?after={after}").json()
        posted += sum(action["type"] == "message_posted" for action in page["actions"])
        times += [action["at"] for action in page["actions"]]
        after, more = page["to"], page["more"]
    assert posted >= 5_000
    assert times == sorted(times)


def test_the_choir_has_labels_admins_a_code_for_a_poster_and_somebody_who_asks(member: httpx.Client) -> None:
    club = next(iter(_clubs(member).values()))["group"]
    known = member.get(f"/api/groups/{club}/snapshot").json()
    labels = {one["label"]: one["name"] for one in known["labels"]}
    assert sorted(labels.values()) == ["Alto", "Bass", "Board", "Soprano", "Tenor"]
    voices = [
        set(one.get("labels", ())) - {key for key in labels if labels[key] == "Board"}
        for one in known["members"]
    ]
    assert sum(len(carried) == 1 for carried in voices) > 50
    assert sum(one["role"] == "admin" for one in known["members"]) == 2
    codes = member.get(f"/api/groups/{club}/codes").json()["codes"]
    assert "Poster in the music school" in [one["note"] for one in codes]
    asks = member.get(f"/api/groups/{club}/requests").json()
    assert [one["name"] for one in asks["requests"]] == ["Leif Sørensen"]
    assert member.get(f"/api/groups/{club}/reports").json()["reports"][0]["name"]


def test_a_page_shows_messages_at_the_times_of_the_log(member: httpx.Client) -> None:
    group = next(iter(_clubs(member).values()))["group"]
    page = member.get(f"/api/groups/{group}/messages?before=3000&limit=5").json()["messages"]
    seq = page[0]["seq"]
    actions = member.get(f"/api/groups/{group}/actions?after={seq - 1}&limit=5").json()["actions"]
    assert [one["sent_at"] for one in page] == [one["at"] for one in actions]


def _groups(member: httpx.Client) -> dict[str, dict[str, Any]]:
    """By name; a conversation by the names of its people."""
    found = [one for one in member.get("/api/me").json()["groups"] if one["kind"] != "admins"]
    return {" and ".join(each["name"] for each in one["people"]) or one["name"]: one for one in found}


def _log(member: httpx.Client, group: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    more = True
    while more:
        page = member.get(f"/api/groups/{group}/actions?after={len(found)}").json()
        found += page["actions"]
        more = page["more"]
    return found


def test_the_choir_has_rooms_of_every_kind_and_some_of_them_call_the_member(member: httpx.Client) -> None:
    found = _groups(member)
    told = {
        name: (one["private"], one["landing"], one["followed"])
        for name, one in found.items()
        if one["kind"] == "channel"
    }
    assert told == {
        "Rehearsal notes": (False, True, True),
        "Lifts and trains": (False, False, True),
        "Swap shelf": (False, False, False),
        "Surprise for Mateus": (True, False, True),
    }
    assert found["Rehearsal notes"]["description"]
    counted = {name: (one["unread"], one["mentions"]) for name, one in found.items() if one["parent"]}
    assert counted["Lifts and trains"] == (0, 0)
    assert counted["Rehearsal notes"] == (4, 1)
    assert counted["Surprise for Mateus"] == (2, 1)
    assert "Surprise" not in str(_log(member, found["Miller's Quay Chamber Choir"]["group"]))


def test_two_conversations_wait_for_the_member_and_one_of_them_is_unread(member: httpx.Client) -> None:
    unread = {name: one["unread"] for name, one in _groups(member).items() if one["kind"] == "dm"}
    assert sorted(unread.values()) == [0, 1]
    assert unread["Amélie Fournier"] == 1


def test_messages_were_answered_edited_deleted_pinned_and_reacted_to(member: httpx.Client) -> None:
    found = _groups(member)
    for name in ("Miller's Quay Chamber Choir", "Rehearsal notes"):
        log = _log(member, found[name]["group"])
        kinds = {action["type"] for action in log}
        assert {"message_edited", "message_deleted", "message_pinned", "emote_added"} <= kinds
        assert any("reply_to" in action for action in log)
    room = found["Rehearsal notes"]["group"]
    texts = [one["text"] for one in member.get(f"/api/groups/{room}/messages").json()["messages"]]
    assert any("**" in text and "\n- " in text for text in texts)
    assert member.get(f"/api/groups/{room}/pins").json()["messages"]


@pytest.mark.parametrize("name", ["Rehearsal notes", "Lifts and trains", "Surprise for Mateus"])
def test_the_times_of_a_room_rise_and_an_edit_has_that_of_its_action(name: str, member: httpx.Client) -> None:
    group = _groups(member)[name]["group"]
    log = _log(member, group)
    assert [one["at"] for one in log] == sorted(one["at"] for one in log)
    edits = {one["id"]: one["at"] for one in log if one["type"] == "message_edited"}
    shown = member.get(f"/api/groups/{group}/messages").json()["messages"]
    assert {one["id"]: one["edited_at"] for one in shown if "edited_at" in one} == edits


def test_messages_of_the_demo_have_pictures_and_a_page_of_music_that_can_be_fetched(
    member: httpx.Client,
) -> None:
    found = _groups(member)
    told: dict[str, dict[str, Any]] = {}
    for name in ("Miller's Quay Chamber Choir", "Rehearsal notes", "Swap shelf", "Amélie Fournier"):
        for action in _log(member, found[name]["group"]):
            for image in action.get("images", ()):
                told[image["id"]] = image
    assert sorted(image["kind"] for image in told.values()) == ["document"] + ["image"] * 5
    assert all(len(image["alt"]) > 20 for image in told.values())
    links = member.post("/api/files/links", json={"ids": list(told)}).json()["links"]
    assert {link["id"] for link in links} == told.keys()
    for link in links:
        image = told[link["id"]]
        data = httpx.get(link["screen"] if image["kind"] == "image" else link["original"]).content
        if image["kind"] == "image":
            with Image.open(io.BytesIO(data), formats=["WEBP"]) as picture:
                assert picture.size == (image["width"], image["height"])
                assert len(picture.convert("RGB").resize((64, 64)).getcolors(4096) or ()) > 50
        else:
            assert data == sheet_music("Last page", "slowly - very slowly - for four voices")
            assert len(data) == image["length"]
    choir = found["Miller's Quay Chamber Choir"]["group"]
    usage = member.get(f"/api/groups/{choir}/files/usage").json()
    assert (usage["images"], usage["documents"]) == (4, 1)
    assert all(one["at"] < datetime.now(UTC).isoformat()[:10] for one in usage["largest"])


def _events(member: httpx.Client) -> dict[str, dict[str, Any]]:
    """Snapshots by name, also of those that are over and in no list any more; a concert is called so."""
    choir = next(iter(_clubs(member).values()))["group"]
    numbers = member.get(f"/api/groups/{choir}/statistics").json()
    groups = {one["group"] for one in numbers["events"]}
    found = [member.get(f"/api/groups/{group}/snapshot").json() for group in groups]
    return {"Concert" if one["name"].endswith(" concert") else one["name"]: one for one in found}


def test_the_choir_has_past_running_full_and_recurring_events_with_answers(member: httpx.Client) -> None:
    now = datetime.now(UTC).isoformat()
    found = {name: one["event"]["occurrences"] for name, one in _events(member).items()}
    [concert] = found["Concert"]
    assert concert["end"] < now
    assert concert["counts"]["going"] == 47
    [running] = found["Sorting the music cupboard"]
    assert running["start"] < now < running["end"]
    assert len(running["counts"].pop("faces")) == 5
    assert running["counts"] == {"going": 11, "maybe": 5, "no": 6, "waiting": 0, "taken": 11, "labels": {}}
    [full] = found["Minibus to the choir day"]
    assert (full["counts"]["taken"], full["counts"]["waiting"]) == (8, 5)
    assert len(found["Rehearsal"]) == 20
    assert "start" not in found["Choir weekend"][0]
    entries = {one["name"]: one for one in member.get("/api/me").json()["groups"] if one["kind"] == "event"}
    mine = entries["Minibus to the choir day"]["event"]["mine"]
    assert [one["standing"] for one in mine] == ["waiting"]
    assert all(one["unread"] == 0 for one in entries.values())


def test_at_the_doors_of_the_choir_people_were_ticked(member: httpx.Client) -> None:
    found = _events(member)
    for name in ("Concert", "Sorting the music cupboard"):
        people = member.get(f"/api/events/{found[name]['event']['event']}/door?key=once").json()["people"]
        going = [one for one in people if one.get("answer") == "going"]
        assert sum(one.get("came", False) for one in going) > len(going) // 2


async def test_whoever_writes_is_answered_by_a_member_who_typed_first(
    demo: Running, member: httpx.Client, chess: int
) -> None:
    device = await Device.open(demo.link.partition("/sign-in")[0].replace("localhost", "127.0.0.1"))
    welcome = await device.hello(member.headers["authorization"].removeprefix("Bearer "))
    try:
        await device.post(chess, "Shall we play the Sicilian?")

        def answers() -> list[dict[str, Any]]:
            return [one for one in device.actions(chess) if one.get("author") not in {None, welcome["user"]}]

        await device.until(answers, within_s=20)
        kinds = [(frame["kind"], frame["group"]) for frame in device.heard("signal")]
        assert ("typing", chess) in kinds
    finally:
        await device.leave()


def test_the_folder_of_something_else_is_neither_used_nor_deleted(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("of a real club")
    for fresh in (False, True):
        with pytest.raises(SettingError, match="something else"):
            folder.opened(tmp_path, fresh=fresh)
    assert (tmp_path / "secret").read_text() == "of a real club"


def test_a_demo_of_another_version_is_told_so(tmp_path: Path) -> None:
    (tmp_path / folder.MARK).write_text("{}")
    with pytest.raises(SettingError, match="--fresh"):
        folder.opened(tmp_path, fresh=False)


def test_a_demo_that_was_cut_off_is_begun_anew(tmp_path: Path) -> None:
    assert folder.opened(tmp_path / "data", fresh=False) is None
    (tmp_path / "data" / "secret").write_text("half made")
    (tmp_path / "data" / "files" / "f").mkdir(parents=True)
    assert folder.opened(tmp_path / "data", fresh=False) is None
    assert not (tmp_path / "data" / "secret").exists()
    assert not (tmp_path / "data" / "files").exists()


def test_the_bar_fills_in_a_terminal_and_is_one_line_elsewhere() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for out, begins in ((Terminal(), "\r  Making █"), (io.StringIO(), "  Making: 4 of 4\n")):
        progress = Progress("Making", 4, out)
        progress.step(2)
        progress.step(2)
        progress.end()
        assert begins in out.getvalue()
        assert out.getvalue().endswith("4 of 4\n")
