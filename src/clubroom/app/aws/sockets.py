"""The sockets that API Gateway holds, as a function reaches them."""

from clubroom.app.aws.function import Function
from clubroom.app.core import Core
from clubroom.app.online import presence_by_connection
from clubroom.app.remote_sockets import RemoteSockets


def sockets_of(function: Function, core: Core) -> RemoteSockets:
    """What `core` signals goes out by them from now on."""
    gateway = function.place.sockets()
    function.held.append(gateway.close)
    sockets = RemoteSockets(
        gateway,
        core.db,
        core.pointers,
        core.tokens.verify,
        core.store,
        lambda: function.epoch,
        presence_by_connection(function.settings, core.db),
        posts_a_second=function.settings.posts_a_second,
        heartbeat_s=function.settings.heartbeat_ms / 1000,
    )
    function.hear = sockets.hear
    return sockets
