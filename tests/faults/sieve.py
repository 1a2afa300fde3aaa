"""A sieve for what a server sends: it takes whole messages away, as a gateway may after it has said OK."""

from collections.abc import Callable

Takes = Callable[[bytes], bool]
HEAD_END = b"\r\n\r\n"


class Messages:
    """Of one connection: WebSocket messages that `takes` wants do not go on. Plain HTTP passes."""

    def __init__(self, takes: Takes) -> None:
        self._takes = takes
        self._waiting = b""
        self._opened: bool | None = None

    def __call__(self, data: bytes) -> bytes:
        """What goes on of these bytes and of those that waited for them."""
        self._waiting += data
        passed = b""
        if self._opened is None and HEAD_END in self._waiting:
            head, _, self._waiting = self._waiting.partition(HEAD_END)
            self._opened = head.startswith(b"HTTP/1.1 101 ")
            passed = head + HEAD_END
        if self._opened:
            while message := self._next():
                passed += b"" if self._takes(message) else message
        elif self._opened is False:
            passed, self._waiting = passed + self._waiting, b""
        return passed

    def _next(self) -> bytes:
        """The next frame of the server, which never sends fragments; empty unless it is there as a whole."""
        short = self._waiting[1] if len(self._waiting) > 1 else 0
        extended = {126: 2, 127: 8}.get(short, 0)
        size = int.from_bytes(self._waiting[2 : 2 + extended], "big") if extended else short
        end = 2 + extended + size
        if len(self._waiting) < max(2 + extended, end):
            return b""
        frame, self._waiting = self._waiting[:end], self._waiting[end:]
        return frame
