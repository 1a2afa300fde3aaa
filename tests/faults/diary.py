"""What a client writes down, for the checker."""

from dataclasses import dataclass, field
from typing import Any

Action = dict[str, Any]
Ack = tuple[int, str]
"""(seq, at)"""


@dataclass
class Diary:
    """What one client knows: the ids it wrote in their order, what was acknowledged, what it applied."""

    author: str
    written: dict[str, str] = field(default_factory=dict)  # id → text
    acked: dict[str, Ack] = field(default_factory=dict)
    applied: list[Action] = field(default_factory=list)
    repeated: int = 0  # acknowledged when it was sent again: the first ack never came
    doubled: int = 0  # came twice over one socket
    unanswered: int = 0  # a hello or a post, over a socket that lived on
    reset: int = 0  # told to drop what it had
    contradicted: int = 0  # acknowledged again, with another place
