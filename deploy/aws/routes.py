"""Print deploy/aws/routes.yml: which call belongs to which function. `make routes` writes it."""

# ruff: noqa: T201

from collections.abc import Iterator, Mapping, Sequence

from clubroom.app.aws.calls import routes

SOCKETS = [f"  - websocket: {{ route: {event} }}" for event in ("$connect", "$default", "$disconnect")]
SOCKETS_OF = "notification"
HEAD = """\
# Made from the calls of the server by deploy/aws/routes.py. Do not edit: `make routes` writes it anew.
"""
THE_REST = "fe"  # also whatever the client shows an address for


def main() -> None:
    """To standard output."""
    print(rendered(routes()), end="")


def rendered(calls: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """`calls` has (method, path) by the room that answers; paths have {names} in them."""
    return HEAD + "\n".join(_lines(calls)) + "\n"


def _lines(calls: Mapping[str, Sequence[tuple[str, str]]]) -> Iterator[str]:
    for room in sorted(calls.keys() - {THE_REST}):
        yield f"{room}:"
        if room == SOCKETS_OF:
            yield from SOCKETS
        for method, path in sorted(calls[room], key=lambda route: (route[1], route[0])):
            yield f"  - httpApi: {method} {path}"
    yield f"{THE_REST}:"
    yield '  - httpApi: "*"'


if __name__ == "__main__":
    main()
