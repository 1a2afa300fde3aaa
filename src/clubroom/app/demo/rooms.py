"""What is said in the demo's rooms and conversations, beside what everybody in the choir hears."""

from datetime import datetime, time, timedelta

import msgspec

from clubroom.app.demo.brought import SCORE, Brought
from clubroom.app.demo.people import ME


class Line(msgspec.Struct, frozen=True):
    """A message, `days` before the last day of the story, at an hour as in `18:20`.

    `answers` = how many lines above is what it answers. `emotes` is each kind with the keys of those who
    react. `files` go along with it. `first` = what it said before it was edited.
    `deleted` = its author has taken it back.
    """

    days: int
    hour: str
    person: str
    text: str
    answers: int = 0
    emotes: dict[str, str] = {}
    files: tuple[Brought, ...] = ()
    first: str = ""
    deleted: bool = False
    pinned: bool = False

    def at(self, end: datetime) -> datetime:
        """In local time."""
        return datetime.combine(end.date() - timedelta(days=self.days), time.fromisoformat(self.hour))


class Room(msgspec.Struct, frozen=True):
    """A room of the choir; in a private one are its `people`. `read` of its lines were read by the demo's
    member, who has it in their list if they `follow` it.
    """

    key: str
    name: str
    owner: str
    lines: tuple[Line, ...]
    read: int
    description: str = ""
    landing: bool = False
    private: bool = False
    people: tuple[str, ...] = ()
    follow: bool = True


class Talk(msgspec.Struct, frozen=True):
    """A conversation of the demo's member with `others`, the first of whom has begun it."""

    others: tuple[str, ...]
    lines: tuple[Line, ...]
    read: int


NOTES = Room(
    "notes",
    "Rehearsal notes",
    "nkechi",
    description="What belongs into your score before Tuesday. Questions welcome, jokes too.",
    landing=True,
    read=9,
    lines=(
        Line(
            6, "08:10", "mateus",
            "**Before Tuesday**, in pencil:\n\n- bar 23: breathe *after* the tie\n"
            "- bar 41: altos hold, nobody else moves\n- last page: ~~slowly~~ **very** slowly",
            emotes={"👍": "solveig hana priya kofi me tilly", "🙏": "lotte misaki"}, pinned=True,
            files=(
                Brought("page", "A page of the score with a pencil mark: breathe at bar 23"),
                Brought(SCORE, "The last page, for everybody who has lost it"),
            ),
        ),
        Line(6, "08:31", "tilly", "is bar 23 for all of us or just sopranos", answers=1),
        Line(
            6, "08:40", "mateus", "All. Together. That is the idea of a choir.", answers=1,
            emotes={"😂": "tilly gordon declan me"},
        ),
        Line(5, "12:15", "gordon", "BAR 41. HOW LONG IS HOLD."),
        Line(
            5, "12:22", "solveig", "> BAR 41. HOW LONG IS HOLD.\n\nUntil Mateus stops smiling.",
            emotes={"😂": "rosa aoife me kofi", "❤️": "mateus"},
        ),
        Line(4, "21:45", "hana", "Is there a recording of the middle bit? I was ill!"),
        Line(
            4, "22:02", "misaki", "Piano alone, half tempo: https://millersquaychoir.example.org/listen/91",
            answers=1, emotes={"❤️": "hana zosia eleni"},
        ),
        Line(
            3, "17:20", "amelie", "Page 7 of the new print is upside down, in about ten copies.",
            first="Page 6 of the new print is upside down, in about ten copies.",
        ),
        Line(3, "17:26", "zbigniew", "That cannot be, I have looked at every one.", deleted=True),
        Line(1, "16:05", "zbigniew", "Twelve copies. I have counted, and I bring new ones.", answers=2),
        Line(1, "16:12", "mateus", "<@robin> could you give the altos the note in bar 12? You *have* it."),
        Line(1, "16:20", "aoife", "Robin is our tuning fork!", answers=1, emotes={"❤️": "solveig ruth rosa"}),
        Line(1, "22:10", "declan", "Basses have a tuning fork, too. We use it for the pickles."),
    ),
)  # fmt: skip

LIFTS = Room(
    "lifts",
    "Lifts and trains",
    "declan",
    description="Who drives, who needs a seat, what is late.",
    read=6,
    lines=(
        Line(5, "17:10", "declan", "Tuesday, from Northgate, half past six. **Three seats.**"),
        Line(5, "17:14", "aoife", "One for me, please!", answers=1, emotes={"👍": "declan"}),
        Line(5, "17:31", ME, "And one for me", answers=2, emotes={"👍": "declan"}),
        Line(4, "07:40", "kofi", "The 18:12 is a bus this week. It says so on a poster like a stamp."),
        Line(
            2, "16:50", "priya",
            "From the station, as far as I know:\n\n1. tram 4 to the harbour\n2. bus 17, three stops\n3. run",
            emotes={"😂": "kofi ewan bram me"}, pinned=True,
        ),
        Line(2, "16:58", "bram", "I can take two, then nobody has to do number 3."),
    ),
)  # fmt: skip

SHELF = Room(
    "shelf",
    "Swap shelf",
    "lotte",
    description="Scores, stands and shoes that want another home.",
    follow=False,
    read=0,
    lines=(
        Line(
            7,
            "15:00",
            "lotte",
            "Music stand, black, one foot wobbles. For a cake.",
            files=(Brought("stand", "A black music stand on a wooden floor"),),
        ),
        Line(7, "15:20", "kenji", "Mine. Cheesecake?", answers=1),
        Line(7, "15:22", "lotte", "Deal.", answers=1),
    ),
)

SURPRISE = Room(
    "surprise",
    "Surprise for Mateus",
    "nkechi",
    private=True,
    people=(ME, "rosa", "tilly", "declan", "amelie"),
    read=5,
    lines=(
        Line(3, "21:50", "nkechi", "Ten years with us next month. Ideas? *Not a word anywhere else.*"),
        Line(3, "21:56", "rosa", "A cake like an upbeat", emotes={"😂": "tilly me", "❤️": "nkechi"}),
        Line(3, "21:58", "declan", "What shape is an upbeat?", answers=1),
        Line(3, "21:59", "tilly", "thin", answers=1, emotes={"💯": "declan me"}),
        Line(
            2, "13:05", "amelie",
            "We sing him something that he has *not* rehearsed. `Happy Birthday` does not count.",
            emotes={"👍": "nkechi rosa me"},
        ),
        Line(1, "17:40", "tilly", "<@robin> you have the nicest handwriting, would you do the card?"),
        Line(1, "21:44", "nkechi", "So far: **€140**. The envelope is with Hedvig.", emotes={"🙏": "rosa"}),
    ),
)  # fmt: skip

ROOMS = [NOTES, LIFTS, SHELF, SURPRISE]

TALKS = [
    Talk(
        ("amelie",),
        read=3,
        lines=(
            Line(
                4, "17:00", "amelie", "Salut Robin! You sing second alto on the last page, or is it a rumour?"
            ),
            Line(4, "17:12", ME, "It is true. Somebody has to.", answers=1),
            Line(4, "17:13", "amelie", "Courage !", emotes={"😄": ME}),
            Line(
                1,
                "21:50",
                "amelie",
                "I have your pencil, by the way. And your scarf. *And* your umbrella.",
                files=(Brought("umbrella", "A green umbrella, and beside it a scarf in yellow and red"),),
            ),
        ),
    ),
    Talk(
        ("aoife", "rosa"),
        read=4,
        lines=(
            Line(9, "09:30", "aoife", "Sunday, middle voices, at mine? There is tea, and one chair too few!"),
            Line(9, "09:41", "rosa", "I bring a chair and focaccia", answers=1, emotes={"❤️": "aoife me"}),
            Line(9, "10:02", ME, "And I the tea that you like, and the Tallis"),
            Line(9, "10:05", "aoife", "It's a plan!", emotes={"👍": "rosa me"}),
        ),
    ),
]
