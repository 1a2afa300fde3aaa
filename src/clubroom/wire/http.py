"""How the rooms' HTTP calls are described for OpenAPI: what they ask for in the address, and every refusal by
its status and its code.
"""

from collections import defaultdict
from typing import Annotated, Any

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec.enums import OpenAPIType
from litestar.params import QueryParameter

from clubroom import errors
from clubroom.wire.bodies import Problem
from clubroom.wire.limits import SEQ_MAX

Kinds = tuple[type[errors.ClubroomError], ...]

BODY: Kinds = (
    errors.Malformed,
    errors.UnknownField,
    errors.InvalidField,
    errors.TooLarge,
    errors.UnsupportedMediaType,
)
NAME: Kinds = (errors.InvalidText, errors.TextTooLong)
ALSO = {200: "An earlier call had done it.", 202: "Somebody else decides."}
MEDIA_TYPE = "application/problem+json"

# Told exactly: the framework would tell of a maximum one too large, as a float, and of no minimum that is 0.
_BOUNDS = {"minimum": 0, "maximum": SEQ_MAX}
_NO_NULL = {"one_of": None, "type": OpenAPIType.INTEGER}
Seq = Annotated[int, QueryParameter(ge=0, le=SEQ_MAX, schema_extra=_BOUNDS)]
MaybeSeq = Annotated[int | None, QueryParameter(ge=0, le=SEQ_MAX, schema_extra=_BOUNDS | _NO_NULL)]

MaybeMoment = Annotated[
    str | None,
    QueryParameter(schema_extra={"one_of": None, "type": OpenAPIType.STRING, "format": "date-time"}),
]


def may_answer(
    *kinds: type[errors.ClubroomError], also: dict[int, type[Any]] | None = None
) -> dict[int, ResponseSpec]:
    """The errors of a call; any may be unavailable, too. `also` are other answers of one that succeeds."""
    codes: defaultdict[int, set[str]] = defaultdict(set)
    every: Kinds = (*kinds, errors.Unavailable)
    for kind in every:
        codes[kind.status].add(kind.code)
    problems = {
        status: ResponseSpec(
            data_container=Problem,
            generate_examples=False,
            description=", ".join(sorted(names)),
            media_type=MEDIA_TYPE,
        )
        for status, names in sorted(codes.items())
    }
    repeated = {
        status: ResponseSpec(data_container=shape, generate_examples=False, description=ALSO[status])
        for status, shape in (also or {}).items()
    }
    return repeated | problems
