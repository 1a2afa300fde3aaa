"""What the choir shows each other: pictures among the last messages of its story."""

import msgspec

from clubroom.app.demo.brought import Brought
from clubroom.app.demo.year import Happening, Story

BACK = 45
"""So many messages are said after it."""
PERSON = "amelie"
TEXT = "The posters are here! And this is what you see when you go home by the water instead of the tram."
FILES = (
    Brought("quay", "The quay in the evening: two boats, and the sun behind the hills"),
    Brought("poster", "The poster of our next concert, green with a yellow sun"),
)


def with_pictures(story: Story) -> Story:
    """The same, and one message more, in the middle between two of the last ones. It has been read."""
    place = len(story.happenings) - BACK
    before, after = story.happenings[place - 1], story.happenings[place]
    shown = Happening(before.at + (after.at - before.at) / 2, PERSON, TEXT, files=FILES)
    happenings = [*story.happenings[:place], shown, *story.happenings[place:]]
    return msgspec.structs.replace(story, happenings=happenings, read=story.read + 1)
