"""What a deployment on AWS promises otherwise than one process does, and which limit of AWS is the cause.

docs/host/aws.md has the same table, and a test compares the two. Tests that run at each venue read from here
what they may expect.
"""

from dataclasses import dataclass

HEARTBEAT_S = 75


@dataclass(frozen=True)
class Difference:
    """`here`: one process. `there`: functions."""

    what: str
    here: str
    there: str
    cause: str


DIFFERENCES: tuple[Difference, ...] = (
    Difference(
        "a socket's close code",
        "the code itself",
        "a frame `error` with the code, then the end with 1000",
        "the management API of a WebSocket API can end a socket, but with no code of ours",
    ),
    Difference(
        "frames of one socket",
        "in order",
        "may overtake each other, in both directions",
        "each frame is a call of its own, and calls run side by side",
    ),
    Difference(
        "somebody who vanished is shown as online",
        "for less than a minute",
        "for up to ten minutes",
        "the gateway tells of a socket that broke only once it has been silent for ten minutes",
    ),
    Difference(
        "who comes and goes",
        "is told at once",
        "is asked for once a minute, by whoever shows a room",
        "each telling would be a call for everybody who is there",
    ),
    Difference(
        "who is here and shows no room",
        "is shown as away",
        "is shown as here",
        "each telling would be a call for everybody who is there",
    ),
    Difference(
        "that somebody types",
        "is told to everybody in the room",
        "is told to those who show the room",
        "each telling is a call for each socket",
    ),
    Difference(
        "how long a socket lives",
        "as long as both sides like",
        "two hours; the client changes over before",
        "the gateway ends every socket after two hours",
    ),
    Difference(
        "heartbeat",
        "every 25 s",
        f"every {HEARTBEAT_S} s",
        "each heartbeat is a call that is paid for; Cloudflare ends what is silent for 100 s",
    ),
    Difference(
        "who is told by push, if they seem to be here and got nothing",
        "after 5 s",
        "after 15 s",
        "what a device got is known by its next frame alone",
    ),
    Difference(
        "an action that a killed server committed and did not tell",
        "at the next sign of life, or the next heartbeat",
        "within a minute",
        "nothing runs between two calls but what a schedule calls, once a minute at most",
    ),
)
