"""Clubs: create one, join one by its code, show the code, leave."""

from hmac import compare_digest

import msgspec

from clubroom.auth.codes import as_typed, new_code, shown
from clubroom.auth.room import Auth
from clubroom.claims import Claims
from clubroom.dba import accounts, clubs
from clubroom.errors import CreatingClosed, NotFound, WordNeeded
from clubroom.wire import (
    USER_CHARACTERS_MAX,
    ClubJoined,
    ClubMade,
    ClubPreview,
    Invitation,
    NewClub,
    possible_group,
)
from clubroom.wire.text import checked_name


class Created(msgspec.Struct, frozen=True):
    """A club, and whether an earlier call had made it."""

    club: ClubMade
    repeated: bool


async def create_club(who: Claims, new: NewClub, peer: str, auth: Auth) -> Created:
    """A club with its code and its admins' group, owned by `who`. The same key again gives the same club.

    Raises CreatingClosed, WordNeeded, SignInNeeded, Full, InvalidText, TextTooLong, IdConflict.
    """
    await _judge_word(new.word, peer, auth)
    code = new_code()
    made = await clubs.create_club(
        auth.db,
        who.key,
        key=new.key,
        name=checked_name(new.name),
        code_mac=auth.keys.code_macs(code)[0],
        code_sealed=auth.keys.seal(code),
        moment=auth.moment(),
    )
    club = ClubMade(
        group=made.group,
        code=_opened(bytes.fromhex(made.sealed), auth),
        access_token=auth.tokens.mint(who.user, who.key, who.session, made.groups),
    )
    return Created(club, made.repeated)


async def _judge_word(word: str | None, peer: str, auth: Auth) -> None:
    if auth.settings.create == "closed":
        raise CreatingClosed
    if auth.settings.create == "open":
        return
    limits = auth.limits.wrong_words(peer)
    await accounts.refuse_over(auth.db, limits, moment=auth.moment())
    asked, said = (auth.settings.word or "").strip(), (word or "").strip()
    if not asked or not compare_digest(said.encode(), asked.encode()):
        if said:  # asking whether a word is needed is no guess
            await accounts.count_wrong(auth.db, limits, moment=auth.moment())
        raise WordNeeded


async def join_club(who: Claims, typed_code: str, peer: str, auth: Auth) -> ClubJoined:
    """Lets `who` in; a member already gets the same answer. The new token knows the club.

    Raises InvalidCode (unknown, revoked, expired, used up, blocked: one and the same), RateLimited, Full.
    """
    joined = await clubs.join_club(
        auth.db,
        who.key,
        auth.keys.code_macs(as_typed(typed_code)),
        limits=auth.limits.wrong_codes(who.key),
        address_limits=auth.limits.wrong_codes_from(peer),
        moment=auth.moment(),
    )
    token = auth.tokens.mint(who.user, who.key, who.session, joined.groups)
    return ClubJoined(group=joined.group, name=joined.name, access_token=token)


async def preview_club(typed_code: str, peer: str, auth: Auth) -> ClubPreview:
    """What a code opens, for anybody who has it. Raises InvalidCode, RateLimited."""
    club = await clubs.preview_club(
        auth.db,
        auth.keys.code_macs(as_typed(typed_code)),
        limits=auth.limits.wrong_codes_from(peer),
        moment=auth.moment(),
    )
    return ClubPreview(name=club.name, members=club.members)


async def invitation(who: Claims, group: int, auth: Auth) -> Invitation:
    """The club's code and its link, for owners and admins. Raises Forbidden, NotFound."""
    sealed = await clubs.club_code(auth.db, who.key, possible_group(group), moment=auth.moment())
    code = _opened(sealed, auth)
    return Invitation(
        code=code, url=f"{auth.settings.public_url}/join/{code}", only_here=auth.settings.only_here
    )


async def remove_member(who: Claims, group: int, user: str, auth: Auth) -> None:
    """`who` leaves, or removes somebody: an owner anyone, an admin members. Nothing reaches them then.

    Raises NotFound, Forbidden, LastOwner.
    """
    if len(user) > USER_CHARACTERS_MAX or "\0" in user:
        raise NotFound
    await clubs.remove_member(auth.db, who.key, possible_group(group), user)


def _opened(sealed: bytes, auth: Auth) -> str:
    """The code as it is shown. Sealed by a secret that was given up since, it opens no door either."""
    try:
        return shown(auth.keys.open(sealed))
    except LookupError:
        raise NotFound from None
