"""What is done with files that no request waits for."""

from clubroom.chat.files.checking import Checking
from clubroom.chat.files.picture import Pictures
from clubroom.chat.files.room import Files
from clubroom.chat.files.sweeping import Clearing, Sweeping

LANES = 2  # of nobody's files are two looked at at once: whoever brings what takes long leaves one to others


class FileWork:
    """The jobs of one server. `close` it when they have ended."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self._pictures = [Pictures() for _ in range(LANES)]
        self.lanes = [Checking(files, pictures) for pictures in self._pictures]
        self.clearing = Clearing(files)
        self.sweeping = Sweeping(files)

    async def close(self) -> None:
        """No process is left behind."""
        for pictures in self._pictures:
            await pictures.close()
