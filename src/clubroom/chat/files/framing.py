"""How the server and the process that looks at images tell their messages apart. Apart from both: the server
loads no decoder for it, and the process nothing of the server.
"""

import struct
from typing import Final

LENGTHS: Final = struct.Struct(">II")  # of header and bytes
