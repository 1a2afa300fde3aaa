"""What crosses the wire: the socket's frames, the bodies of HTTP calls, and every limit, with its unit.

OpenAPI, AsyncAPI and the client's TypeScript types are all made from these types. What a client sends is
decoded strictly: an unknown field is an error, never ignored.
"""

from clubroom.wire.account import *  # noqa: F403
from clubroom.wire.activity import *  # noqa: F403
from clubroom.wire.bodies import *  # noqa: F403
from clubroom.wire.bringing import *  # noqa: F403
from clubroom.wire.club import *  # noqa: F403
from clubroom.wire.codes import *  # noqa: F403
from clubroom.wire.decoding import *  # noqa: F403
from clubroom.wire.door import *  # noqa: F403
from clubroom.wire.drafts import *  # noqa: F403
from clubroom.wire.events import *  # noqa: F403
from clubroom.wire.files import *  # noqa: F403
from clubroom.wire.frames import *  # noqa: F403
from clubroom.wire.groups import *  # noqa: F403
from clubroom.wire.identities import *  # noqa: F403
from clubroom.wire.limits import *  # noqa: F403
from clubroom.wire.members import *  # noqa: F403
from clubroom.wire.numbers import *  # noqa: F403
from clubroom.wire.place import *  # noqa: F403
from clubroom.wire.push import *  # noqa: F403
from clubroom.wire.reading import *  # noqa: F403
from clubroom.wire.safety import *  # noqa: F403
from clubroom.wire.search import *  # noqa: F403
from clubroom.wire.shapes import *  # noqa: F403
from clubroom.wire.statistics import *  # noqa: F403
