"""The codes of a club: several at once, each for somebody and leading somewhere."""

from uuid import UUID

import msgspec

from clubroom import errors, wire
from clubroom.auth.clubs import link_to, opened_code
from clubroom.auth.codes import new_code
from clubroom.auth.room import Auth
from clubroom.claims import Claims
from clubroom.dba import codes
from clubroom.wire.text import checked_lines, checked_name


class MadeCode(msgspec.Struct, frozen=True):
    """A code, and whether an earlier call had made it."""

    code: wire.JoinCode
    repeated: bool


async def club_codes(who: Claims, club: int, auth: Auth) -> wire.JoinCodes:
    """All that are not revoked, for owners and admins; those that make admins for owners. One that was sealed
    by a secret that was given up opens no door, and is not shown. Raises NotFound, Forbidden.
    """
    found = []
    for sealed in await codes.club_codes(auth.db, who.key, wire.possible_group(club)):
        try:
            found.append(_shown(sealed, auth))
        except errors.NotFound:
            continue
    return wire.JoinCodes(codes=found, only_here=auth.settings.only_here)


async def create_code(
    who: Claims, club: int, new: wire.NewCode, auth: Auth, *, reset: bool = False
) -> MadeCode:
    """One more; with `reset` all others are over. The same key again gives the same code.

    Raises InvalidField, InvalidText, TextTooLong, NotFound, Forbidden, Full, IdConflict, RateLimited.
    """
    note, question = _checked(new)
    said = msgspec.structs.replace(new, note=note or "", question=question or "")
    code = new_code()
    made = await codes.create_code(
        auth.db,
        who.key,
        wire.possible_group(club),
        said,
        code_mac=auth.keys.code_macs(code)[0],
        code_sealed=auth.keys.seal(code),
        reset=reset,
        limits=auth.limits.codes(who.key),
        moment=auth.moment(),
    )
    return MadeCode(_shown(made, auth), made.repeated)


async def reset_codes(who: Claims, club: int, key: UUID, auth: Auth) -> MadeCode:
    """All codes are over, and the club has a new one. Raises as `create_code`."""
    return await create_code(who, club, wire.NewCode(key=key), auth, reset=True)


async def change_code(who: Claims, club: int, code: int, to: wire.PatchCode, auth: Auth) -> wire.JoinCode:
    """What is not named stays. Raises InvalidField, InvalidText, TextTooLong, NotFound, Forbidden,
    RateLimited.
    """
    if all(value is None for value in msgspec.structs.astuple(to)):
        raise errors.InvalidField("Say what changes.")
    note, question = _checked(to)
    changed = await codes.change_code(
        auth.db,
        who.key,
        wire.possible_group(club),
        wire.possible_group(code),
        msgspec.structs.replace(to, note=note, question=question),
        limits=auth.limits.codes(who.key),
        moment=auth.moment(),
    )
    return _shown(changed, auth)


async def revoke_code(who: Claims, club: int, code: int, auth: Auth) -> None:
    """It opens nothing any more. Raises NotFound, Forbidden."""
    await codes.revoke_code(
        auth.db, who.key, wire.possible_group(club), wire.possible_group(code), moment=auth.moment()
    )


def _checked(said: wire.NewCode | wire.PatchCode) -> tuple[str | None, str | None]:
    """The note and the question as they are kept. Raises InvalidField, InvalidText, TextTooLong."""
    bounds = {
        "expires_in_s": (said.expires_in_s, wire.CODE_SECONDS_MAX),
        "uses": (said.uses, wire.CODE_USES_MAX),
        "labels": (len(said.labels or ()), wire.CODE_LABELS_MAX),
        "rooms": (len(said.rooms or ()), wire.CODE_ROOMS_MAX),
    }
    for name, (value, most) in bounds.items():
        if value is not None and not 0 <= value <= most:
            raise errors.InvalidField(f"{name}: at most {most}.")
    for room in said.rooms or ():
        wire.possible_group(room)
    note = said.note
    if note is not None:
        note = checked_name(note, wire.NOTE_CODE_POINTS_MAX) if note.strip() else ""
    question = said.question
    if question is not None:
        question = checked_lines(question, wire.QUESTION_CODE_POINTS_MAX)
    return note, question


def _shown(sealed: codes.SealedCode, auth: Auth) -> wire.JoinCode:
    said = msgspec.structs.asdict(sealed)
    for name in ("code", "sealed", "repeated"):
        del said[name]
    code = opened_code(bytes.fromhex(sealed.sealed), auth)
    return wire.JoinCode(id=sealed.code, code=code, url=link_to(code, auth), **said)
