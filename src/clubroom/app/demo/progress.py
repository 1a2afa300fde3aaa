"""One line that fills up, for whoever waits at the terminal."""

import sys
from typing import TextIO

WIDTH = 32


class Progress:
    """`total` steps of something. Where nobody looks (no terminal), only the end is said."""

    def __init__(self, what: str, total: int, out: TextIO | None = None) -> None:
        self.what = what
        self.total = total
        self.out = out or sys.stdout
        self.done = 0
        self._shown = -1

    def step(self, count: int = 1) -> None:
        """So many more are done."""
        self.done = min(self.total, self.done + count)
        lit = WIDTH * self.done // self.total
        if self.out.isatty() and lit != self._shown:
            self._shown = lit
            bar = "█" * lit + "░" * (WIDTH - lit)
            self.out.write(f"\r  {self.what} {bar} {self.done:,} of {self.total:,}")
            self.out.flush()

    def end(self) -> None:
        """Leaves the full line behind."""
        bar = f"\r  {self.what} {'█' * WIDTH}" if self.out.isatty() else f"  {self.what}:"
        self.out.write(f"{bar} {self.done:,} of {self.total:,}\n")
        self.out.flush()
