"""Which numbers can be a group, and which a place in its log: the database could not be asked for others."""

from collections.abc import Mapping

from clubroom.errors import NotFound
from clubroom.wire.limits import SEQ_MAX


def possible_group(group: int) -> int:
    """The group itself. Raises NotFound: one with such a number does not exist."""
    if not 0 < group <= SEQ_MAX:
        raise NotFound
    return group


def possible_seqs(seqs: Mapping[int, int]) -> bool:
    """Whether all of {group: seq} can be."""
    return all(0 < group <= SEQ_MAX and 0 <= seq <= SEQ_MAX for group, seq in seqs.items())
