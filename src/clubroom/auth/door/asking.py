"""Those who ask to be let in, and those who are kept out."""

from clubroom import wire
from clubroom.auth.clubs import possible_user
from clubroom.auth.room import Auth
from clubroom.claims import Claims
from clubroom.dba import codes, safety


async def join_requests(who: Claims, club: int, auth: Auth) -> wire.JoinRequests:
    """Those who wait, for owners and admins. Raises NotFound, Forbidden."""
    return await codes.join_requests(auth.db, who.key, wire.possible_group(club))


async def answer_request(who: Claims, club: int, user: str, auth: Auth, *, accept: bool) -> None:
    """Lets somebody in who waits, or does not. Raises NotFound, Forbidden, Full."""
    await codes.answer_request(
        auth.db, who.key, wire.possible_group(club), possible_user(user), accept=accept
    )


async def my_requests(who: Claims, auth: Auth) -> wire.MyRequests:
    """What I wait for."""
    return wire.MyRequests(requests=await codes.my_requests(auth.db, who.key))


async def withdraw_request(who: Claims, request: int, auth: Auth) -> None:
    """I wait no more. Raises NotFound."""
    await codes.withdraw_request(auth.db, who.key, wire.possible_group(request))


async def block(who: Claims, club: int, user: str, erase: wire.Erase | None, auth: Auth) -> None:
    """Somebody is out and does not come in again: to them the club's codes are unknown.

    Raises NotFound, Forbidden, LastOwner, Full.
    """
    await safety.block(
        auth.db,
        who.key,
        wire.possible_group(club),
        possible_user(user),
        erase_s=wire.ERASE_S[erase],
    )


async def unblock(who: Claims, club: int, user: str, auth: Auth) -> None:
    """They may come in again. Raises NotFound, Forbidden."""
    await safety.unblock(auth.db, who.key, wire.possible_group(club), possible_user(user))


async def blocks(who: Claims, club: int, auth: Auth) -> wire.ClubBlocks:
    """Whom the club keeps out. Raises NotFound, Forbidden."""
    return wire.ClubBlocks(blocks=await safety.blocks(auth.db, who.key, wire.possible_group(club)))
