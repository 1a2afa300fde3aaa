"""What every server of a place has, whether it answers HTTP or holds sockets. Small, since a function that
does one thing imports it before it can begin.
"""

from functools import partial
from typing import Any

from clubroom.app.online import presence_of
from clubroom.app.settings import Settings
from clubroom.auth.keys import Keys
from clubroom.auth.tokens import Tokens
from clubroom.chat.messages import Messages, post_message
from clubroom.chat.pace import Pace
from clubroom.dba import reading
from clubroom.dba.pool import Database
from clubroom.dba.posting import PostLane
from clubroom.notification.deliver import Hub
from clubroom.notification.pointers import Pointers
from clubroom.ports.gateway.framing import text_frame


class Core:
    """`server` is a name that no other has."""

    def __init__(self, settings: Settings, db: Database, server: str) -> None:
        self.settings = settings
        self.db = db
        self.server = server
        self.keys = Keys(settings.secret)
        self.tokens = Tokens(self.keys, clock=db.clock)
        self.lane = PostLane(db)
        self.hub = Hub(text_frame, partial(reading.log_after, db))
        self.pointers = Pointers(self.hub, db)
        self.chat = Messages(db, self.lane, self.keys.sent_mac, Pace(settings.posts_a_second))
        self.presence = presence_of(settings, db, server)

    async def store(self, *post: Any) -> Any:
        """A message that came by a socket."""
        return await post_message(self.chat, *post)
