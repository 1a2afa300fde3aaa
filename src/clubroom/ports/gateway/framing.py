"""Bytes of RFC 6455 that we write ourselves, and the rules for close codes."""

from typing import Final

from clubroom.ports.gateway import Frame

TEXT: Final = 0x81
CLOSE: Final = 0x88
PONG: Final = 0x8A

PROTOCOL_ERROR: Final = 1002
NO_TEXT: Final = 1003
NO_UTF8: Final = 1007
TOO_CHATTY: Final = 1008
TOO_LONG: Final = 1009
OUR_FAULT: Final = 1011
RESTART: Final = 1012

CONTROL_BYTES_MAX: Final = 125
WHY_BYTES_MAX: Final = CONTROL_BYTES_MAX - 2


def text_frame(payload: bytes) -> Frame:
    """One unfragmented text message."""
    length = len(payload)
    if length <= CONTROL_BYTES_MAX:
        return Frame(bytes((TEXT, length)) + payload)
    if length < 65_536:
        return Frame(b"\x81\x7e" + length.to_bytes(2, "big") + payload)
    return Frame(b"\x81\x7f" + length.to_bytes(8, "big") + payload)


def pong_frame(payload: bytes) -> Frame:
    """The answer to a ping, with the ping's own payload."""
    return Frame(bytes((PONG, len(payload))) + payload)


def close_frame(code: int | None, why: str = "") -> Frame:
    """A close frame; without a code it is empty. `why` is cut at a character within 123 bytes."""
    if code is None:
        return Frame(bytes((CLOSE, 0)))
    reason = why.encode()[:WHY_BYTES_MAX].decode(errors="ignore").encode()
    return Frame(bytes((CLOSE, 2 + len(reason))) + code.to_bytes(2, "big") + reason)


def may_be_sent(code: int) -> bool:
    """Whether a peer may put this code into a close frame (RFC 6455 §7.4, IANA's registry)."""
    return 1000 <= code <= 1003 or 1007 <= code <= 1014 or 3000 <= code <= 4999
