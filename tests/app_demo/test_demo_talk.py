"""What is said in the demo: the texts that people wrote, before anybody is cast."""

import random
from datetime import datetime
from pathlib import Path

import pytest

from clubroom.app.demo import lively, threads
from clubroom.app.demo.calendar import moment
from clubroom.app.demo.casting import Casting, Memory
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
    assert occasions == {"greeting", "question", "thanks", "other", "chess"}


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
