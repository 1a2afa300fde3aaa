"""Clubs: create one, join one by its code, show the code, leave."""

from hmac import compare_digest

import msgspec

from clubroom.auth.codes import as_typed, new_code, shown
from clubroom.auth.room import Auth
from clubroom.claims import Claims
from clubroom.dba import accounts, clubs
from clubroom.errors import CreatingClosed, InvalidCode, NotFound, RateLimited, Unavailable, WordNeeded
from clubroom.wire import (
    ANSWER_CODE_POINTS_MAX,
    ERASE_S,
    USER_CHARACTERS_MAX,
    ClubAsked,
    ClubJoined,
    ClubMade,
    ClubPreview,
    Erase,
    Invitation,
    NewClub,
    possible_group,
)
from clubroom.wire.text import checked_lines, checked_name

PICTURE_SIZE = "screen"


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
        code=opened_code(bytes.fromhex(made.sealed), auth),
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


async def join_club(
    who: Claims, typed_code: str, peer: str, auth: Auth, answer: str | None = None
) -> ClubJoined | ClubAsked:
    """Lets `who` in, or asks those who run the club; a member already gets the same answer. The new token
    knows the club.

    Raises InvalidCode (unknown, revoked, expired, used up, blocked, nobody let in now: one and the same),
    RateLimited, Full, InvalidField (an answer is missing), InvalidText, TextTooLong.
    """
    joined = await clubs.join_club(
        auth.db,
        who.key,
        auth.keys.code_macs(as_typed(typed_code)),
        checked_lines(answer or "", ANSWER_CODE_POINTS_MAX),
        limits=auth.limits.wrong_codes(who.key),
        address_limits=auth.limits.wrong_codes_from(peer),
        asking_limits=auth.limits.requests(who.key),
        moment=auth.moment(),
    )
    if joined.asked is not None:
        return ClubAsked(asked=joined.asked)
    token = auth.tokens.mint(who.user, who.key, who.session, joined.groups)
    return ClubJoined(group=joined.group, name=joined.name, access_token=token)


async def preview_club(typed_code: str, peer: str, auth: Auth) -> ClubPreview:
    """What a code opens, for anybody who has it. Raises InvalidCode, RateLimited."""
    return await clubs.preview_club(
        auth.db,
        auth.keys.code_macs(as_typed(typed_code)),
        limits=auth.limits.wrong_codes_from(peer),
        moment=auth.moment(),
    )


class ShownClub(msgspec.Struct, frozen=True):
    """What a link to join shows of a club. `picture` is an address that opens it for some hours."""

    name: str
    picture: str | None


async def shown_club(typed_code: str, peer: str, auth: Auth) -> ShownClub | None:
    """For whoever draws a preview of a link; None, whatever is wrong with the code, and whatever else is.

    Wrong ones are counted, but for themselves: to look at a link is not to type a code.
    """
    try:
        found = await clubs.shown_club(
            auth.db,
            auth.keys.code_macs(as_typed(typed_code)),
            limits=auth.limits.wrong_links_from(peer),
            moment=auth.moment(),
        )
    except (InvalidCode, RateLimited, Unavailable):
        return None
    picture = None
    if found.picture is not None and auth.file_link is not None:
        picture = auth.file_link(found.picture, PICTURE_SIZE, None).url
    return ShownClub(found.name, picture)


async def invitation(who: Claims, group: int, auth: Auth) -> Invitation:
    """The club's code and its link, for owners and admins, and where the club wants it for members.

    Raises Forbidden, NotFound.
    """
    sealed = await clubs.club_code(auth.db, who.key, possible_group(group), moment=auth.moment())
    code = opened_code(sealed, auth)
    return Invitation(code=code, url=link_to(code, auth), only_here=auth.settings.only_here)


async def remove_member(who: Claims, group: int, user: str, auth: Auth, erase: Erase | None = None) -> None:
    """`who` leaves, or removes somebody: an owner anyone, an admin members. Nothing reaches them then. What
    they wrote goes with them as far back as `erase` says.

    Raises NotFound, Forbidden, LastOwner, Full.
    """
    await clubs.remove_member(
        auth.db, who.key, possible_group(group), possible_user(user), erase_s=ERASE_S[erase]
    )


def possible_user(user: str) -> str:
    """Raises NotFound for what names nobody."""
    if len(user) > USER_CHARACTERS_MAX or "\0" in user:
        raise NotFound
    return user


def link_to(code: str, auth: Auth) -> str:
    """Where a code, as it is shown, is typed in already."""
    return f"{auth.settings.public_url}/join/{code}"


def opened_code(sealed: bytes, auth: Auth) -> str:
    """The code as it is shown. Sealed by a secret that was given up since, it opens no door either."""
    try:
        return shown(auth.keys.open(sealed))
    except LookupError:
        raise NotFound from None
