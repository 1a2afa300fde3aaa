"""What the demo draws by itself."""

import re
from datetime import datetime
from itertools import pairwise

import pytest

from clubroom.app.demo import album, year
from clubroom.app.demo.brought import SCORE
from clubroom.app.demo.drawing import PICTURES, jpeg
from clubroom.app.demo.rooms import ROOMS, TALKS
from clubroom.app.demo.sheet_music import sheet_music
from clubroom.chat.files.document import is_what_it_says


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_the_same_every_time_and_no_single_colour(name: str) -> None:
    picture = PICTURES[name]()
    assert jpeg(picture) == jpeg(PICTURES[name]())
    assert len(set(picture.resize((40, 40)).get_flattened_data())) > 50
    assert len(jpeg(picture)) < 1_000_000


def test_every_object_of_the_page_of_music_stands_where_its_table_says() -> None:
    data = sheet_music("Last page", "slowly")
    assert is_what_it_says(data, "application/pdf")
    begin = int(re.findall(rb"startxref\n(\d+)\n%%EOF\n$", data)[0])
    entries = re.findall(rb"(\d{10}) 00000 n \n", data[begin:])
    assert len(entries) == 5
    for number, at in enumerate(entries, 1):
        assert data[int(at) :].startswith(b"%d 0 obj\n" % number)
    length, stream = re.findall(rb"/Length (\d+) >>\nstream\n(.*)\nendstream", data, re.DOTALL)[0]
    assert len(stream) == int(length)


def test_what_is_brought_is_drawn_and_everything_that_is_drawn_is_brought() -> None:
    lines = [line for room in ROOMS for line in room.lines] + [line for talk in TALKS for line in talk.lines]
    brought = [thing for line in lines for thing in line.files] + list(album.FILES)
    assert {thing.what for thing in brought} == {*PICTURES, SCORE}
    assert all(thing.alt for thing in brought)


def test_the_pictures_stand_among_the_last_messages_that_were_read() -> None:
    story = year.compose(datetime(2026, 11, 14, 20), 5_000, 60)
    shown = album.with_pictures(story)
    times = [one.at for one in shown.happenings]
    assert all(earlier < later for earlier, later in pairwise(times))
    messages = [one for one in shown.happenings if one.text is not None]
    [place] = [n for n, one in enumerate(messages) if one.files]
    assert place < shown.read == story.read + 1
