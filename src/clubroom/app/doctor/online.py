"""Whether the Redis that keeps who is online answers."""

from collections.abc import Sequence

from clubroom.app.doctor.finding import Finding, good, wrong
from clubroom.app.online import reach
from clubroom.app.settings import SettingError, Settings
from clubroom.errors import Unavailable

HOW = "See that it runs, and that REDIS_URL names it rightly. Until then nobody sees who is online."


async def findings(settings: Settings) -> Sequence[Finding]:
    """Nothing where the host names none."""
    server = settings.redis
    if server is None:
        return []
    where = f"Redis on {server.host}, port {server.port},"
    try:
        await reach(server)
    except SettingError as error:
        return [wrong("redis", str(error))]
    except Unavailable:
        return [wrong("redis", f"{where} does not answer, or does not let Clubroom in.", HOW)]
    return [good("redis", f"{where} keeps who is online.")]
