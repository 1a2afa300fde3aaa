"""The HTTP calls about bringing people (docs/protocol.md)."""

from typing import Annotated

import msgspec
from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from clubroom import errors, wire
from clubroom.auth.account.http import kept_cookie
from clubroom.auth.bring import invitations, members
from clubroom.auth.room import Auth, Caller
from clubroom.claims import Claims
from clubroom.wire.http import BODY, NAME, Kinds, Seq, may_answer

RUNS: Kinds = (errors.Unauthorized, errors.Forbidden, errors.NotFound)
PageSize = Annotated[int, QueryParameter(ge=1, le=wire.INVITATIONS_PAGE_MAX)]


@post(
    "/groups/{group:int}/invitations",
    responses=may_answer(*BODY, *RUNS, errors.Full, errors.IdConflict, also={200: wire.InvitationsMade}),
)
async def invite(
    group: FromPath[int],
    data: JSONBody[wire.NewInvitations],
    claims: NamedDependency[Claims],
    auth: NamedDependency[Auth],
    caller: NamedDependency[Caller],
) -> Response[wire.InvitationsMade]:
    """Invites people into a club. The same key again answers the same (200)."""
    made, repeated = await invitations.invite(claims, group, data, auth, caller)
    return Response(made, status_code=200 if repeated else 201)


@get("/groups/{group:int}/invitations", responses=may_answer(errors.InvalidField, *RUNS))
async def get_invitations(
    group: FromPath[int],
    claims: NamedDependency[Claims],
    auth: NamedDependency[Auth],
    after: Seq = 0,
    waiting: FromQuery[bool] = False,
    limit: PageSize = wire.INVITATIONS_PAGE_MAX,
) -> wire.Invitations:
    """Who was invited, in that order; with `waiting` who has not come."""
    return await invitations.page(claims, group, auth, after=after, waiting=waiting, limit=limit)


@post(
    "/groups/{group:int}/invitations/send",
    status_code=200,
    responses=may_answer(*BODY, *RUNS, errors.RateLimited),
)
async def send_invitations(
    group: FromPath[int],
    data: JSONBody[wire.SendInvitations],
    claims: NamedDependency[Claims],
    auth: NamedDependency[Auth],
    caller: NamedDependency[Caller],
) -> wire.LettersSent:
    """One more letter to who has not come, at most once a day each."""
    return await invitations.send_again(claims, group, data.invitations, auth, caller)


@post(
    "/groups/{group:int}/invitations/{invitation:int}/link",
    responses=may_answer(*RUNS, errors.UnsupportedMediaType),
)
async def link_invitation(
    group: FromPath[int],
    invitation: FromPath[int],
    claims: NamedDependency[Claims],
    auth: NamedDependency[Auth],
) -> wire.InvitationLink:
    """One more link for one of those who have not come."""
    return await invitations.link(claims, group, invitation, auth)


@delete("/groups/{group:int}/invitations/{invitation:int}", responses=may_answer(*RUNS))
async def withdraw_invitation(
    group: FromPath[int],
    invitation: FromPath[int],
    claims: NamedDependency[Claims],
    auth: NamedDependency[Auth],
) -> None:
    """Takes an invitation back."""
    await invitations.withdraw(claims, group, invitation, auth)


@post(
    "/invitations/preview",
    status_code=200,
    responses=may_answer(*BODY, errors.InvalidCode, errors.RateLimited),
    security=[{}],
)
async def preview_invitation(
    data: JSONBody[wire.InvitationSecret], auth: NamedDependency[Auth], peer: NamedDependency[str]
) -> wire.InvitationPreview:
    """What a link of an invitation opens."""
    return await invitations.preview(data.secret, peer, auth)


@post(
    "/invitations/accept",
    status_code=200,
    responses=may_answer(
        *BODY,
        *NAME,
        errors.Unauthorized,
        errors.InvalidCode,
        errors.Full,
        errors.RateLimited,
        errors.IssuerOnly,
    ),
    security=[{}, {"access": []}],
)
async def accept_invitation(
    data: JSONBody[wire.AcceptInvitation],
    guest: NamedDependency[Claims | None],
    auth: NamedDependency[Auth],
    peer: NamedDependency[str],
    caller: NamedDependency[Caller],
) -> Response[wire.CameIn]:
    """Into the club: as whoever is signed in, else as somebody new who is signed in on this device."""
    accepted = await invitations.accept(guest, data, peer, auth, caller)
    answer, cookies = accepted.came, None
    if accepted.opened is not None and data.keep == "cookie":
        cookies = [kept_cookie(accepted.opened, auth)]
    elif accepted.opened is not None:
        answer = msgspec.structs.replace(answer, refresh_token=accepted.opened.refresh_token)
    return Response(answer, headers={"cache-control": "no-store"}, cookies=cookies)


@put("/groups/{group:int}/managed/{user:str}", status_code=204, responses=may_answer(*BODY, *NAME, *RUNS))
async def put_managed(
    group: FromPath[int],
    user: FromPath[str],
    data: JSONBody[wire.PutManaged],
    claims: NamedDependency[Claims],
    auth: NamedDependency[Auth],
) -> None:
    """What a member without a device is called."""
    await members.rename_managed(claims, group, user, data.name, auth)


@put(
    "/groups/{group:int}/contact",
    status_code=204,
    responses=may_answer(*BODY, *NAME, errors.Unauthorized, errors.NotFound),
)
async def put_contact(
    group: FromPath[int],
    data: JSONBody[wire.PutContact],
    claims: NamedDependency[Claims],
    auth: NamedDependency[Auth],
) -> None:
    """How one is reached in a club, and by whom."""
    await members.put_contact(claims, group, data, auth)


@get("/groups/{group:int}/contacts", responses=may_answer(errors.Unauthorized, errors.NotFound))
async def get_contacts(
    group: FromPath[int], claims: NamedDependency[Claims], auth: NamedDependency[Auth]
) -> wire.Contacts:
    """How the members of a club are reached, as far as one may see it."""
    return await members.contacts(claims, group, auth)


HANDLERS = [
    invite,
    get_invitations,
    send_invitations,
    link_invitation,
    withdraw_invitation,
    preview_invitation,
    accept_invitation,
    put_managed,
    put_contact,
    get_contacts,
]
