"""The HTTP calls about one's own account (docs/protocol.md)."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, delete, get, patch, post, put
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Redirect, Stream

from clubroom import errors
from clubroom.auth import sessions
from clubroom.auth.account import devices, export, leaving, letters, passkeys, profile, wishes
from clubroom.auth.room import Auth, Caller, Opened
from clubroom.claims import Claims
from clubroom.wire import (
    Asked,
    Deletion,
    Leaving,
    NewPasskey,
    NewPassword,
    NewPasswordReset,
    NewVerification,
    PasskeyOptions,
    Passkeys,
    PatchMe,
    PutLetters,
    PutQuiet,
    SignedInDevices,
    SignInLink,
    Tokens,
    Verified,
)
from clubroom.wire.http import BODY, NAME, may_answer

ZIP = "application/zip"


@patch("/me", status_code=204, responses=may_answer(*BODY, *NAME, errors.Unauthorized, errors.RateLimited))
async def change_me(
    data: JSONBody[PatchMe], claims: NamedDependency[Claims], auth: NamedDependency[Auth]
) -> None:
    """Changes one's name, time zone or language."""
    await profile.change_profile(claims, data, auth)


@put("/me/quiet", status_code=204, responses=may_answer(*BODY, errors.Unauthorized))
async def put_quiet(
    data: JSONBody[PutQuiet], claims: NamedDependency[Claims], auth: NamedDependency[Auth]
) -> None:
    """The hours at which one is told nothing."""
    await profile.set_quiet_hours(claims, data, auth)


@put("/me/mail", status_code=204, responses=may_answer(*BODY, errors.Unauthorized))
async def put_letters(
    data: JSONBody[PutLetters], claims: NamedDependency[Claims], auth: NamedDependency[Auth]
) -> None:
    """Which letters I want where no device of mine can be told."""
    await wishes.wish(claims, data, auth)


@post(
    "/mail/unsubscribe/{token:str}",
    status_code=204,
    responses=may_answer(errors.Malformed, errors.NotFound, errors.TooLarge),
    security=[{}],
)
async def unsubscribe(
    token: FromPath[str], request: Request[Any, Any, Any], auth: NamedDependency[Auth]
) -> None:
    """No more letters of this kind, by one click of whoever got one. Mail programs send a form."""
    await wishes.unsubscribe(token, await request.body(), auth)


@get(
    "/mail/unsubscribe/{token:str}",
    status_code=303,
    responses=may_answer(errors.NotFound),
    security=[{}],
)
async def show_unsubscribing(token: FromPath[str]) -> Redirect:
    """For who opens that address themselves. Nothing changes: programs look at links, too."""
    if not wishes.looks_like_one(token):
        raise errors.NotFound
    return Redirect(f"/mail#{token}", status_code=303)


@post(
    "/me/email-verification",
    status_code=202,
    responses=may_answer(
        errors.Unauthorized, errors.NotFound, errors.RateLimited, errors.UnsupportedMediaType
    ),
)
async def ask_verification(
    claims: NamedDependency[Claims], auth: NamedDependency[Auth], caller: NamedDependency[Caller]
) -> Asked:
    """Sends the letter once more that asks whether one's address is right."""
    await letters.ask_verification(claims, auth, caller)
    return Asked()


@post(
    "/email-verifications",
    status_code=200,
    responses=may_answer(*BODY, errors.WrongSignIn, errors.RateLimited),
    security=[{}],
)
async def verify_email(
    data: JSONBody[NewVerification], auth: NamedDependency[Auth], peer: NamedDependency[str]
) -> Verified:
    """Says that the address is right, by the link that went there."""
    return Verified(email=await letters.verify_email(data.link, peer, auth))


@post(
    "/password-resets",
    status_code=202,
    responses=may_answer(*BODY, errors.RateLimited, errors.IssuerOnly),
    security=[{}],
)
async def ask_password(
    data: JSONBody[NewPasswordReset],
    auth: NamedDependency[Auth],
    peer: NamedDependency[str],
    caller: NamedDependency[Caller],
) -> Asked:
    """Sends a link to a new password, if anybody has this address. The answer does not say whether."""
    await letters.ask_password(data.email, peer, auth, caller)
    return Asked()


@post(
    "/passwords",
    responses=may_answer(*BODY, errors.WrongSignIn, errors.RateLimited, errors.IssuerOnly),
    security=[{}],
)
async def reset_password(
    data: JSONBody[NewPassword],
    auth: NamedDependency[Auth],
    peer: NamedDependency[str],
    caller: NamedDependency[Caller],
) -> Response[Tokens]:
    """A new password by the link that was mailed; signed in on this device, and on no other."""
    opened = await letters.reset_password(data, peer, auth, caller)
    return signed_in(opened, auth, in_cookie=data.keep == "cookie")


@get("/sessions", responses=may_answer(errors.Unauthorized))
async def get_sessions(claims: NamedDependency[Claims], auth: NamedDependency[Auth]) -> SignedInDevices:
    """Where one is signed in."""
    return await devices.devices(claims, auth)


@delete("/sessions/{session:uuid}", responses=may_answer(errors.Unauthorized, errors.NotFound))
async def end_one_session(
    session: FromPath[UUID], claims: NamedDependency[Claims], auth: NamedDependency[Auth]
) -> None:
    """Signs one of one's devices out."""
    await devices.end_device(claims, session, auth)


@delete("/sessions/others", responses=may_answer(errors.Unauthorized))
async def end_other_sessions(claims: NamedDependency[Claims], auth: NamedDependency[Auth]) -> None:
    """Signs out everywhere but here."""
    await devices.end_others(claims, auth)


@delete("/sessions", responses=may_answer(errors.Unauthorized))
async def end_all_sessions(claims: NamedDependency[Claims], auth: NamedDependency[Auth]) -> Response[None]:
    """Signs out everywhere."""
    await devices.end_everywhere(claims, auth)
    return signed_out(auth)


@post("/passkey-options", status_code=200, responses=may_answer(errors.UnsupportedMediaType), security=[{}])
async def options_to_sign_in(auth: NamedDependency[Auth]) -> PasskeyOptions:
    """What to ask the browser for, to sign in by a passkey."""
    return PasskeyOptions(options=passkeys.options_to_sign_in(auth))


@get("/me/passkeys", responses=may_answer(errors.Unauthorized))
async def get_passkeys(claims: NamedDependency[Claims], auth: NamedDependency[Auth]) -> Passkeys:
    """One's own passkeys."""
    return await passkeys.my_passkeys(claims, auth)


@post(
    "/me/passkeys/options",
    status_code=200,
    responses=may_answer(errors.Unauthorized, errors.UnsupportedMediaType),
)
async def options_to_make(claims: NamedDependency[Claims], auth: NamedDependency[Auth]) -> PasskeyOptions:
    """What to ask the browser for, to make a passkey."""
    return PasskeyOptions(options=await passkeys.options_to_make(claims, auth))


@post(
    "/me/passkeys",
    responses=may_answer(
        *BODY,
        *NAME,
        errors.Unauthorized,
        errors.WrongSignIn,
        errors.Full,
        errors.IdConflict,
        errors.IssuerOnly,
    ),
)
async def add_passkey(
    data: JSONBody[NewPasskey],
    claims: NamedDependency[Claims],
    auth: NamedDependency[Auth],
    caller: NamedDependency[Caller],
) -> Passkeys:
    """Keeps the passkey that the browser made."""
    await passkeys.add_passkey(claims, data, auth, caller)
    return await passkeys.my_passkeys(claims, auth)


@delete(
    "/me/passkeys/{passkey:str}",
    responses=may_answer(errors.Unauthorized, errors.NotFound, errors.SignInNeeded),
)
async def remove_passkey(
    passkey: FromPath[str], claims: NamedDependency[Claims], auth: NamedDependency[Auth]
) -> None:
    """Removes a passkey."""
    await passkeys.remove_passkey(claims, passkey, auth)


@get("/me/deletion", responses=may_answer(errors.Unauthorized))
async def get_leaving(claims: NamedDependency[Claims], auth: NamedDependency[Auth]) -> Leaving:
    """What is to be done before one's account can be deleted."""
    return await leaving.what_is_in_the_way(claims, auth)


@post(
    "/me/deletion/passkey-options",
    status_code=200,
    responses=may_answer(errors.Unauthorized, errors.UnsupportedMediaType),
)
async def options_to_leave(claims: NamedDependency[Claims], auth: NamedDependency[Auth]) -> PasskeyOptions:
    """What to ask the browser for, to prove by a passkey that one wants to leave."""
    return PasskeyOptions(options=passkeys.options_to_leave(claims, auth))


@post(
    "/me/deletion",
    status_code=204,
    responses=may_answer(
        *BODY, *NAME, errors.Unauthorized, errors.WrongSignIn, errors.LastOwner, errors.RateLimited
    ),
)
async def delete_account(
    data: JSONBody[Deletion],
    claims: NamedDependency[Claims],
    auth: NamedDependency[Auth],
    peer: NamedDependency[str],
    caller: NamedDependency[Caller],
) -> Response[None]:
    """Deletes one's account."""
    await leaving.delete_account(claims, data, peer, auth, caller)
    return signed_out(auth)


@get(
    "/me/export",
    media_type=ZIP,
    responses=may_answer(errors.Unauthorized, errors.RateLimited),
)
async def get_export(claims: NamedDependency[Claims], auth: NamedDependency[Auth]) -> Stream:
    """All that one wrote, and what is known of oneself, as a zip file."""
    await export.count_export(claims, auth)
    headers = {"content-disposition": 'attachment; filename="clubroom.zip"'}
    return Stream(export.export(claims, auth), media_type=ZIP, headers=headers)


@post(
    "/groups/{group:int}/members/{user:str}/sign-in-link",
    responses=may_answer(
        errors.Unauthorized,
        errors.Forbidden,
        errors.NotFound,
        errors.IssuerOnly,
        errors.UnsupportedMediaType,
    ),
)
async def hand_sign_in_link(
    group: FromPath[int], user: FromPath[str], claims: NamedDependency[Claims], auth: NamedDependency[Auth]
) -> SignInLink:
    """A one-use link for a member who has lost every device."""
    return await sessions.hand_sign_in_link(claims, group, user, auth)


HANDLERS = [
    options_to_sign_in,
    get_passkeys,
    options_to_make,
    add_passkey,
    remove_passkey,
    get_leaving,
    options_to_leave,
    delete_account,
    get_export,
    hand_sign_in_link,
    change_me,
    put_quiet,
    put_letters,
    unsubscribe,
    show_unsubscribing,
    ask_verification,
    verify_email,
    ask_password,
    reset_password,
    get_sessions,
    end_one_session,
    end_other_sessions,
    end_all_sessions,
]


def signed_in(opened: Opened, auth: Auth, *, in_cookie: bool, status: int = 201) -> Response[Tokens]:
    """Both tokens; the one that lasts in the body or in the cookie."""
    tokens = Tokens(
        user=opened.user,
        access_token=opened.access_token,
        expires_in=opened.expires_in,
        refresh_token=None if in_cookie else opened.refresh_token,
    )
    kept = [kept_cookie(opened, auth)] if in_cookie else None
    headers = {"cache-control": "no-store"}
    return Response(tokens, status_code=status, headers=headers, cookies=kept)


def kept_cookie(opened: Opened, auth: Auth) -> Cookie:
    """What keeps a browser signed in."""
    return own_cookie(
        auth.settings.cookie, opened.refresh_token, auth, seconds=auth.settings.session_unused_seconds
    )


def signed_out(auth: Auth) -> Response[None]:
    """And the cookie is gone."""
    return Response(None, status_code=204, cookies=[own_cookie(auth.settings.cookie, "", auth, seconds=0)])


def own_cookie(key: str, value: str, auth: Auth, *, seconds: int) -> Cookie:
    """A cookie that our own pages alone send along, and no script reads; 0 s = it is gone."""
    return Cookie(
        key=key,
        value=value,
        max_age=seconds,
        path="/",
        secure=auth.settings.secure,
        httponly=True,
        samesite="strict",
    )
