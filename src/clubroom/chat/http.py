"""The chat's calls."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.openapi.spec.enums import OpenAPIType
from litestar.params import FromPath, JSONBody, QueryParameter

from clubroom import errors, wire
from clubroom.chat import activity, channels, dms, emotes, groups, messages, search
from clubroom.chat.club import http as club_http
from clubroom.chat.events import door_http, drafts_http
from clubroom.chat.events import http as events
from clubroom.chat.members import http as members
from clubroom.chat.messages import Messages
from clubroom.claims import Claims
from clubroom.dba.rooms import MadeGroup
from clubroom.dba.search import Asked
from clubroom.wire.http import BODY, NAME, Kinds, MaybeMoment, MaybeSeq, Seq, may_answer

Limit = Annotated[int, QueryParameter(ge=1, le=wire.PAGE_MAX)]
_TEXT: dict[str, Any] = {"one_of": None, "type": OpenAPIType.STRING}
_NUMBER: dict[str, Any] = {"one_of": None, "type": OpenAPIType.INTEGER}
Words = Annotated[str, QueryParameter()]
Author = Annotated[str | None, QueryParameter(name="from", schema_extra=_TEXT)]
Room = Annotated[int | None, QueryParameter(name="in", schema_extra=_NUMBER)]
Club = Annotated[int | None, QueryParameter(schema_extra=_NUMBER)]
Having = Annotated[str, QueryParameter()]
Cursor = Annotated[str | None, QueryParameter(schema_extra=_TEXT)]
FoundLimit = Annotated[int, QueryParameter(ge=1, le=wire.FOUND_MAX)]
ActivityLimit = Annotated[int, QueryParameter(ge=1, le=wire.ACTIVITY_MAX)]
READING = may_answer(errors.InvalidField, errors.Unauthorized, errors.NotFound)
ACTS: Kinds = (errors.Unauthorized, errors.Forbidden, errors.NotFound)
CHANGES: Kinds = (*ACTS, errors.RateLimited)


def routes(chat: Messages) -> Sequence[BaseRouteHandler]:
    """Bound to one chat."""
    own = (_reading, _search, _activity, _messages, _emotes_and_pins, _rooms, _people)
    parts = (*own, members.routes, club_http.routes, events.routes, door_http.routes, drafts_http.routes)
    return [route for part in parts for route in part(chat)]


def _messages(chat: Messages) -> Sequence[BaseRouteHandler]:
    @put(
        "/api/messages/{message_id:uuid}",
        status_code=201,
        responses=may_answer(
            *BODY,
            *NAME,
            errors.Unauthorized,
            errors.Forbidden,
            errors.NotFound,
            errors.IdConflict,
            errors.RateLimited,
            also={200: wire.Posted},
        ),
    )
    async def put_message(
        message_id: FromPath[UUID], data: JSONBody[wire.PutMessage], claims: NamedDependency[Claims]
    ) -> Response[wire.Posted]:
        """Send a message under an id of the client's: 201 when stored now, 200 when it was stored before."""
        place = await messages.post_message(
            chat, claims, data.group, message_id, data.text, data.reply_to, data.images
        )
        posted = wire.Posted(
            id=message_id, group=data.group, seq=place.seq, at=place.at, duplicate=place.duplicate
        )
        return Response(posted, status_code=200 if place.duplicate else 201)

    @patch(
        "/api/messages/{message_id:uuid}",
        status_code=204,
        responses=may_answer(*BODY, *NAME, *ACTS, errors.Full, errors.RateLimited),
    )
    async def patch_message(
        message_id: FromPath[UUID], data: JSONBody[wire.PatchMessage], claims: NamedDependency[Claims]
    ) -> None:
        """Edit one's own message. Nobody is called by it."""
        await messages.edit_message(chat, claims, message_id, data.text)

    @delete("/api/messages/{message_id:uuid}", responses=may_answer(*ACTS))
    async def delete_message(message_id: FromPath[UUID], claims: NamedDependency[Claims]) -> None:
        """Delete one's own message, or anybody's where one runs the room. Nothing of what it said stays."""
        await messages.delete_message(chat, claims, message_id)

    @delete("/api/messages/{message_id:uuid}/preview", responses=may_answer(*ACTS))
    async def delete_preview(message_id: FromPath[UUID], claims: NamedDependency[Claims]) -> None:
        """Remove what the link of one's own message shows, or of anybody's where one runs the room."""
        await messages.remove_preview(chat, claims, message_id)

    return [put_message, patch_message, delete_message, delete_preview]


def _emotes_and_pins(chat: Messages) -> Sequence[BaseRouteHandler]:
    @put(
        "/api/messages/{message_id:uuid}/emotes/{emote:str}",
        status_code=204,
        responses=may_answer(*ACTS, errors.InvalidField, errors.Full, errors.RateLimited),
    )
    async def put_emote(
        message_id: FromPath[UUID], emote: FromPath[str], claims: NamedDependency[Claims]
    ) -> None:
        """React to a message with one emoji; the same again changes nothing."""
        await emotes.add_emote(chat, claims, message_id, emote)

    @delete(
        "/api/messages/{message_id:uuid}/emotes/{emote:str}",
        responses=may_answer(*ACTS, errors.InvalidField, errors.RateLimited),
    )
    async def delete_emote(
        message_id: FromPath[UUID], emote: FromPath[str], claims: NamedDependency[Claims]
    ) -> None:
        """Take a reaction back."""
        await emotes.remove_emote(chat, claims, message_id, emote)

    @put(
        "/api/messages/{message_id:uuid}/pin",
        status_code=204,
        responses=may_answer(*ACTS, errors.Full, errors.RateLimited),
    )
    async def put_pin(message_id: FromPath[UUID], claims: NamedDependency[Claims]) -> None:
        """Pin a message to its room."""
        await messages.pin_message(chat, claims, message_id, pin=True)

    @delete("/api/messages/{message_id:uuid}/pin", responses=may_answer(*ACTS, errors.RateLimited))
    async def delete_pin(message_id: FromPath[UUID], claims: NamedDependency[Claims]) -> None:
        """Take the pin off."""
        await messages.pin_message(chat, claims, message_id, pin=False)

    return [put_emote, delete_emote, put_pin, delete_pin]


def _rooms(chat: Messages) -> Sequence[BaseRouteHandler]:
    @post(
        "/api/groups/{group:int}/channels",
        status_code=201,
        responses=may_answer(
            *BODY, *NAME, *CHANGES, errors.Full, errors.IdConflict, also={200: wire.GroupMade}
        ),
    )
    async def create_channel(
        group: FromPath[int], data: JSONBody[wire.NewChannel], claims: NamedDependency[Claims]
    ) -> Response[wire.GroupMade]:
        """A room in a club. The same key again gives the same room (200)."""
        return _made(await channels.create_channel(chat, claims, group, data))

    @patch(
        "/api/groups/{group:int}",
        status_code=204,
        responses=may_answer(*BODY, *NAME, *CHANGES),
    )
    async def patch_group(
        group: FromPath[int], data: JSONBody[wire.PatchGroup], claims: NamedDependency[Claims]
    ) -> None:
        """Change a room, or what its owner decides for a club."""
        await channels.change_group(chat, claims, group, data)

    @put("/api/groups/{group:int}/follow", status_code=204, responses=may_answer(*BODY, *CHANGES))
    async def put_follow(
        group: FromPath[int], data: JSONBody[wire.PutFollow], claims: NamedDependency[Claims]
    ) -> None:
        """A public room into one's list, or out of it."""
        await channels.follow_channel(chat, claims, group, on=data.on)

    @put("/api/groups/{group:int}/mute", status_code=204, responses=may_answer(*BODY, *CHANGES))
    async def put_mute(
        group: FromPath[int], data: JSONBody[wire.PutMute], claims: NamedDependency[Claims]
    ) -> None:
        """Quiet from a group, for a while or for good."""
        await channels.mute_group(chat, claims, group, data.for_s)

    @put("/api/groups/{group:int}/level", status_code=204, responses=may_answer(*BODY, *CHANGES))
    async def put_level(
        group: FromPath[int], data: JSONBody[wire.PutLevel], claims: NamedDependency[Claims]
    ) -> None:
        """What one wants to be told of a group."""
        await channels.set_level(chat, claims, group, data.level)

    @post("/api/groups/{group:int}/members", status_code=204, responses=may_answer(*BODY, *CHANGES))
    async def add_members(
        group: FromPath[int], data: JSONBody[wire.NewMembers], claims: NamedDependency[Claims]
    ) -> None:
        """Members of the club into one of its rooms."""
        await channels.add_members(chat, claims, group, data)

    return [create_channel, patch_group, put_follow, put_mute, put_level, add_members]


def _people(chat: Messages) -> Sequence[BaseRouteHandler]:
    @post("/api/dms", status_code=201, responses=may_answer(*BODY, *CHANGES, also={200: wire.GroupMade}))
    async def open_dm(
        data: JSONBody[wire.NewDm], claims: NamedDependency[Claims]
    ) -> Response[wire.GroupMade]:
        """The conversation with these people: made now (201), or there already (200)."""
        return _made(await dms.open_dm(chat, claims, data.users))

    @put(
        "/api/me/blocks/{user:str}",
        status_code=204,
        responses=may_answer(errors.Unauthorized, errors.NotFound, errors.Full, errors.RateLimited),
    )
    async def put_block(user: FromPath[str], claims: NamedDependency[Claims]) -> None:
        """Block somebody: no conversations between the two."""
        await dms.block_person(chat, claims, user, block=True)

    @delete(
        "/api/me/blocks/{user:str}",
        responses=may_answer(errors.Unauthorized, errors.NotFound, errors.RateLimited),
    )
    async def delete_block(user: FromPath[str], claims: NamedDependency[Claims]) -> None:
        """The block is over."""
        await dms.block_person(chat, claims, user, block=False)

    return [open_dm, put_block, delete_block]


def _made(made: MadeGroup) -> Response[wire.GroupMade]:
    return Response(wire.GroupMade(group=made.group), status_code=200 if made.repeated else 201)


def _reading(chat: Messages) -> Sequence[BaseRouteHandler]:
    @get("/api/groups/{group:int}/messages", responses=READING)
    async def get_messages(
        group: FromPath[int],
        claims: NamedDependency[Claims],
        before: MaybeSeq = None,
        around: MaybeSeq = None,
        after: MaybeSeq = None,
        at: MaybeMoment = None,
        limit: Limit = wire.PAGE_DEFAULT,
    ) -> wire.Page:
        """A page of messages, oldest first: the newest ones, or before, around or after a seq, or around the
        first message at a moment or after it.
        """
        if (before, around, after, at).count(None) < 3:
            raise errors.InvalidField("At most one of before, around, after and at.")
        if at is not None:
            return await search.page_at(chat, claims, group, search.moment(at), limit)
        if around is not None:
            return await messages.page_around(chat, claims, group, around, limit)
        if after is not None:
            return await messages.page_after(chat, claims, group, after, limit)
        newest = wire.SEQ_MAX if before is None else before
        return await messages.page_before(chat, claims, group, newest, limit)

    @get("/api/groups/{group:int}/snapshot", responses=READING)
    async def get_snapshot(
        group: FromPath[int], claims: NamedDependency[Claims], since: Seq = 0
    ) -> wire.Snapshot:
        """The state of a group at one moment, with its newest messages after `since`."""
        return await groups.snapshot(chat.database, claims, group, since)

    @get("/api/groups/{group:int}/pins", responses=READING)
    async def get_pins(group: FromPath[int], claims: NamedDependency[Claims]) -> wire.Page:
        """What is pinned in a room, the newest pin first."""
        return await messages.pinned(chat, claims, group)

    @get("/api/messages/{message_id:uuid}", responses=READING)
    async def get_message(message_id: FromPath[UUID], claims: NamedDependency[Claims]) -> wire.Message:
        """One message, for a quote or a link."""
        return await messages.one_message(chat, claims, message_id)

    @get("/api/messages/{message_id:uuid}/seen", responses=READING)
    async def get_seen(message_id: FromPath[UUID], claims: NamedDependency[Claims]) -> wire.Seen:
        """Who has seen a message."""
        return await messages.seen_by(chat, claims, message_id)

    return [get_messages, get_snapshot, get_pins, get_message, get_seen]


def _search(chat: Messages) -> Sequence[BaseRouteHandler]:
    @get(
        "/api/search",
        responses=may_answer(
            errors.InvalidField,
            errors.InvalidText,
            errors.TextTooLong,
            errors.Unauthorized,
            errors.NotFound,
            errors.RateLimited,
        ),
    )
    async def search_messages(
        claims: NamedDependency[Claims],
        q: Words = "",
        author: Author = None,
        room: Room = None,
        club: Club = None,
        before: MaybeMoment = None,
        after: MaybeMoment = None,
        has: Having = "",
        cursor: Cursor = None,
        limit: FoundLimit = wire.FOUND_DEFAULT,
    ) -> wire.Found:
        """Messages that one may read, the newest first: with all these words, or parts of words."""
        asked = Asked(
            author=author,
            room=room,
            club=club,
            before=search.moment(before) if before is not None else None,
            after=search.moment(after) if after is not None else None,
            has=search.having(has),
        )
        return await search.search_messages(chat, claims, q, asked, cursor, limit)

    return [search_messages]


def _activity(chat: Messages) -> Sequence[BaseRouteHandler]:
    @get("/api/activity", responses=may_answer(errors.InvalidField, errors.Unauthorized))
    async def get_activity(
        claims: NamedDependency[Claims], before: Cursor = None, limit: ActivityLimit = wire.ACTIVITY_DEFAULT
    ) -> wire.ActivityPage:
        """What happened to me, the newest first."""
        return await activity.activity_page(chat, claims, before, limit)

    @put(
        "/api/activity/seen",
        status_code=204,
        responses=may_answer(*BODY, errors.Unauthorized, errors.RateLimited),
    )
    async def see_activity(data: JSONBody[wire.ActivitySight], claims: NamedDependency[Claims]) -> None:
        """So far I have looked at it, on whichever device."""
        await activity.see_activity(chat, claims, data.at)

    return [get_activity, see_activity]
