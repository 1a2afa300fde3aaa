"""What is done with files that no request waits for."""

from clubroom.chat.files.checking import Checking
from clubroom.chat.files.picture import Pictures
from clubroom.chat.files.room import Files
from clubroom.chat.files.sweeping import Clearing, Sweeping


class FileWork:
    """The jobs of one server. `close` it when they have ended."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self._pictures = Pictures()
        self.checking = Checking(files, self._pictures)
        self.clearing = Clearing(files)
        self.sweeping = Sweeping(files)

    async def close(self) -> None:
        """No process is left behind."""
        await self._pictures.close()
