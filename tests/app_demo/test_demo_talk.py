"""What is said in the demo: the texts that people wrote, before anybody is cast."""

import random
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest

from clubroom.app.demo import furnish, lively, rooms, threads
from clubroom.app.demo.calendar import moment, silent
from clubroom.app.demo.casting import Casting, Memory
from clubroom.app.demo.folder import Device, Made
from clubroom.app.demo.people import CHESS_KEYS, CHOIR_KEYS, LIVELY, PEOPLE, called
from clubroom.app.demo.voices import in_voice
from clubroom.wire.text import checked_name

FILES = sorted(path.stem for path in threads.TALK.glob("*.txt"))


@pytest.mark.parametrize("name", FILES)
def test_every_thread_can_be_played_at_any_time_of_year(name: str) -> None:
    present = CHESS_KEYS if name == "chess" else CHOIR_KEYS
    new = "pip" if name == "welcome" else None
    for month in range(1, 13):
        rng, memory, now = random.Random(month), Memory(), moment(datetime(2026, month, 14, 12))
        for thread in threads.load(name):
            for said in Casting(rng, memory, now, present, new).play(thread):
                assert said.person in present or name in {"live", "replies"}
                assert 0 < len(said.text) <= 4_000
                assert said.text == said.text.strip()
                assert not set(said.text) & set("{}[]|~"), said.text
                assert "  " not in said.text


def test_several_hundred_lines_were_written_by_hand() -> None:
    lines = [line for name in FILES for thread in threads.load(name) for line in thread.lines]
    texts = {text.text for line in lines for text in line.texts}
    assert len(texts) > 1_000


def test_a_line_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "odd.txt").write_text("== any\np: fine\nthis is no line\n")
    with pytest.raises(threads.ThreadError, match=r"odd\.txt:3"):
        threads.read(tmp_path / "odd.txt")


def test_sixty_people_have_names_that_may_be_taken() -> None:
    assert len(CHOIR_KEYS) == len(set(CHOIR_KEYS)) == 60
    names = [person.name for person in PEOPLE.values()]
    assert [checked_name(name) for name in names] == names
    assert len(set(names)) == len(names)


def test_whoever_speaks_live_is_online_and_answers_every_occasion() -> None:
    for name in ("live", "replies"):
        for thread in threads.load(name):
            for line in thread.lines:
                person = called(line.speaker)
                assert person is not None
                assert person.key in LIVELY
    occasions = {tag for thread in threads.load("replies") for either in thread.when for tag in either}
    assert occasions == {"greeting", "question", "thanks", "other", "chess", "friend"}


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Hi all!", "greeting"),
        ("Hello, when do we meet?", "question"),
        ("متى نلتقي؟", "question"),
        ("thanks a lot", "thanks"),
        ("History is fun", "other"),
        ("I bring soup", "other"),
    ],
)
def test_an_answer_fits_what_was_written(text: str, about: str) -> None:
    assert lively.occasion(text) == about


def test_people_write_in_their_own_way_and_links_stay_whole() -> None:
    rng = random.Random(1)
    text = "The loft is open. See https://example.org/Loft."
    assert in_voice(text, "capitals", rng) == "THE LOFT IS OPEN. SEE https://example.org/Loft."
    assert in_voice("The loft is open.", "small", rng) == "the loft is open"
    assert in_voice("It is. Really.", "dots", rng) == "It is… Really…"
    assert in_voice("It is open.", "bang", rng) == "It is open!"
    assert in_voice("おめでとう！", "capitals", rng) == "おめでとう！"


def test_whom_a_text_calls_is_called_by_their_id_and_their_name_is_never_shouted() -> None:
    assert furnish.addressed("<@robin> and <@nobody>", {"robin": "u_1"}) == "<@u_1> and <@nobody>"
    assert in_voice("<@robin> come.", "capitals", random.Random(1)) == "<@robin> COME."
    thread = next(one for one in threads.load("live") if "{@me}" in one.lines[0].texts[0].text)
    said = Casting(random.Random(1), Memory(), moment(datetime(2026, 11, 14)), CHOIR_KEYS).play(thread)
    assert "<@robin>" in said[0].text


def test_a_slip_is_two_letters_of_a_long_word() -> None:
    assert furnish.mistyped("Bring a pencil.") == "Bring a pecnil."
    assert furnish.mistyped("A cup.") == "A cup."


@pytest.mark.parametrize("lines", [*(one.lines for one in rooms.ROOMS), *(one.lines for one in rooms.TALKS)])
def test_what_is_said_in_rooms_rises_and_nobody_says_it_at_night_or_while_they_sing(
    lines: tuple[rooms.Line, ...],
) -> None:
    for end in (datetime(2026, 11, 26, 8, 20), datetime(2027, 1, 1, 3, 12), datetime(2026, 6, 21, 12)):
        times = [line.at(end) for line in lines]
        assert times == sorted(set(times))
        assert times[-1] < end
        assert not [at for at in times if silent(at)]
    for place, line in enumerate(lines):
        assert called(line.person) is not None
        assert line.answers <= place
        assert all(map(called, " ".join(line.emotes.values()).split()))


def test_every_third_thread_of_the_live_chat_is_told_in_an_open_room() -> None:
    people = [Device(key, f"u_{key}", place, UUID(int=place), []) for place, key in enumerate(LIVELY)]
    places = {room.key: place for place, room in enumerate(rooms.ROOMS, 10)}
    made = Made(
        "epoch", 1, 2, places, {lively.FRIEND: 3}, Device("robin", "u_me", 99, UUID(int=99), []), people
    )
    now, rng = moment(datetime(2026, 11, 14, 12)), random.Random(5)
    told = lively.Lively(made, "ws://nowhere", lambda key: key, now, rng).in_turn(threads.load("live"))
    groups = [group for _, group in told]
    assert groups[:5] == [1, groups[1], 1, 1, groups[4]]
    assert {groups[1], groups[4]} == {places["notes"], places["lifts"]}
    assert set(groups[5:]) == {1}
