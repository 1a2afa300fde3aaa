"""What is done with files that no request waits for."""

from collections.abc import Awaitable, Callable, Mapping

from clubroom.chat.files.checking import Checking
from clubroom.chat.files.picture import Pictures
from clubroom.chat.files.room import Files
from clubroom.chat.files.sweeping import Clearing, Sweeping

Job = Callable[[], Awaitable[bool]]


class FileWork:
    """The jobs of one server, by their names in the log. `close` it when they have ended."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self._pictures = Pictures()
        self.checking = Checking(files, self._pictures)
        self.clearing = Clearing(files)
        self.jobs: Mapping[str, Job] = {
            "look at files": self.checking,
            "clear files": self.clearing,
            "sweep the store": Sweeping(files),
        }

    async def close(self) -> None:
        """No process is left behind."""
        await self._pictures.close()
