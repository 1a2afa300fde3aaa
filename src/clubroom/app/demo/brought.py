"""What somebody in the demo brings along. Only its name: who draws it is `bring`."""

import msgspec

SCORE = "score"


class Brought(msgspec.Struct, frozen=True):
    """One of `drawing.PICTURES`, or the `SCORE`, and how whoever brings it describes it."""

    what: str
    alt: str = ""
