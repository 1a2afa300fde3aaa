"""The calls about reports."""

from collections.abc import Sequence
from uuid import UUID

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, JSONBody

from clubroom import errors, wire
from clubroom.chat.messages import Messages
from clubroom.chat.reporting import reports
from clubroom.claims import Claims
from clubroom.wire.http import BODY, NAME, Kinds, may_answer

RUNNING: Kinds = (errors.Unauthorized, errors.Forbidden, errors.NotFound)
REPORTING: Kinds = (*BODY, *NAME, *RUNNING, errors.Full, errors.RateLimited)


def routes(chat: Messages) -> Sequence[BaseRouteHandler]:
    """Bound to one chat."""

    @post("/api/messages/{message_id:uuid}/reports", status_code=204, responses=may_answer(*REPORTING))
    async def report_message(
        message_id: FromPath[UUID], data: JSONBody[wire.NewReport], claims: NamedDependency[Claims]
    ) -> None:
        """Show a message to those who run the club."""
        await reports.report_message(chat, claims, message_id, data)

    @post("/api/groups/{group:int}/reports", status_code=204, responses=may_answer(*REPORTING))
    async def report_person(
        group: FromPath[int], data: JSONBody[wire.NewPersonReport], claims: NamedDependency[Claims]
    ) -> None:
        """Report somebody to those who run the club."""
        await reports.report_person(chat, claims, group, data)

    @get("/api/groups/{group:int}/reports", responses=may_answer(*RUNNING))
    async def get_reports(group: FromPath[int], claims: NamedDependency[Claims]) -> wire.Reports:
        """What was reported and is not closed yet."""
        return await reports.reports(chat, claims, group)

    @delete("/api/groups/{group:int}/reports/{report:int}", responses=may_answer(*RUNNING))
    async def close_report(
        group: FromPath[int], report: FromPath[int], claims: NamedDependency[Claims]
    ) -> None:
        """Close a report, and forget it."""
        await reports.close_report(chat, claims, group, report)

    return [report_message, report_person, get_reports, close_report]
