"""The HTTP calls for gateways that only read (docs/protocol.md)."""

from collections.abc import Sequence

from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide

from clubroom import errors, wire
from clubroom.auth.reading import room
from clubroom.auth.reading.room import Reading
from clubroom.claims import Claims
from clubroom.wire.http import may_answer

KEYS_KEPT_SECONDS = 300


def routes(reading: Reading) -> Sequence[Router]:
    """The calls of this room under /api."""
    return [
        Router(
            "/api",
            route_handlers=[create_reading_token, get_jwks],
            dependencies={"reading": Provide(lambda: reading, sync_to_thread=False)},
            tags=["reading"],
        )
    ]


@post(
    "/tokens/reading",
    status_code=200,
    responses=may_answer(errors.Unauthorized, errors.NotFound, errors.UnsupportedMediaType),
)
async def create_reading_token(
    claims: NamedDependency[Claims], reading: NamedDependency[Reading]
) -> wire.ReadingToken:
    """A token to read with through a gateway beside us, which is refused here."""
    return await room.create_reading_token(claims, reading)


@get("/jwks.json", responses=may_answer(errors.NotFound), security=[{}])
async def get_jwks(reading: NamedDependency[Reading]) -> Response[wire.JwkSet]:
    """The public keys of tokens for reading. They say how long they may be kept: without a word on that some
    gateways never ask again, and with "no-store" each second.
    """
    keys = wire.JwkSet(keys=[wire.Jwk(**key) for key in reading.on.public_keys()["keys"]])
    return Response(keys, headers={"cache-control": f"public, max-age={KEYS_KEPT_SECONDS}"})
