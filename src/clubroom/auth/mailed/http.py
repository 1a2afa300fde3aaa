"""The calls of links in letters. What is asked is shown by a GET, and only a POST answers: programs look at
links, too.
"""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from clubroom import errors, wire
from clubroom.auth.mailed import answers
from clubroom.auth.room import Auth
from clubroom.wire.http import BODY, may_answer


@get("/mail/answers/{token:str}", responses=may_answer(errors.NotFound), security=[{}])
async def get_mailed_question(token: FromPath[str], auth: NamedDependency[Auth]) -> wire.MailedQuestion:
    """What a letter asks whoever got it."""
    return await answers.question(token, auth)


@post(
    "/mail/answers/{token:str}",
    status_code=200,
    responses=may_answer(
        *BODY,
        errors.NotFound,
        errors.Forbidden,
        errors.AnswersClosed,
        errors.NotAsked,
        errors.Full,
        errors.RateLimited,
    ),
    security=[{}],
)
async def post_mailed_answer(
    token: FromPath[str], data: JSONBody[wire.PutMailedAnswer], auth: NamedDependency[Auth]
) -> wire.Answered:
    """Whether they come, said by the link in their letter."""
    return await answers.answer(token, data, auth)


HANDLERS = [get_mailed_question, post_mailed_answer]
