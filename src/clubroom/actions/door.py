"""In the log of those who run a club: who may come in, who asks to, and what is told to them."""

from clubroom.actions.shape import Action


class JoinCodeCreated(Action, frozen=True, tag="join_code_created"):
    """In the admins' log: a new club code exists. `code` is its number; what one types is never in a log."""

    by: str
    code: int | None = None


class JoinCodeChanged(Action, frozen=True, tag="join_code_changed"):
    """In the admins' log: the code gives something else from now on."""

    by: str
    code: int


class JoinCodeRevoked(Action, frozen=True, tag="join_code_revoked"):
    """In the admins' log: the code opens nothing any more."""

    by: str
    code: int


class JoinAsked(Action, frozen=True, tag="join_asked"):
    """In the admins' log: somebody waits to be let in. What they answered, and their name, is in no log."""

    user: str


class JoinSettled(Action, frozen=True, tag="join_settled"):
    """In the admins' log: they wait no more. `by` is themselves when they took it back or came in another
    way.
    """

    user: str
    by: str
    accepted: bool


class Reported(Action, frozen=True, tag="reported"):
    """In the admins' log: there is one more report, of which a log says nothing but its number."""

    report: int


class ReportClosed(Action, frozen=True, tag="report_closed"):
    """In the admins' log: it is gone."""

    report: int


class InvitationsSent(Action, frozen=True, tag="invitations_sent"):
    """In the admins' log: `n` people were invited, or once more. Who they are is in no log."""

    by: str
    n: int
