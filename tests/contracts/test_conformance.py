"""F21: WebSocket conformance by a foreign suite: the cases of Autobahn, as kosoku runs them (RFC 6455)."""

from fnmatch import fnmatchcase
from typing import Any

import pytest
from gateway_rig import Recorder, local, on_uvloop
from kosoku import FailureError, run_fuzzingclient

from clubroom.ports.gateway import Connection
from clubroom.ports.gateway.admission import Limits

AT_ONCE = 8
MANY = {"waiting_sockets_max": 1_000, "handshakes_burst": 2_000}

NO_BINARY = "FAILED 1003", "frames are text alone: binary is refused"
TOO_LONG = "FAILED 1009", "a message has at most 24 KiB"
NO_DEFLATE = "UNIMPLEMENTED 1000", "nothing is compressed, so nothing can be a bomb"
WHOLE_FRAMES = "NON-STRICT 1007", "UTF-8 is judged when its frame is whole, and a frame is short"

# Where we differ, and why. Whatever stands in no line here is as the suite expects it.
BY_DESIGN = {
    "1.1.[678]": TOO_LONG,
    "1.2.[1-5]": NO_BINARY,
    "1.2.[678]": TOO_LONG,
    "6.4.[34]": WHOLE_FRAMES,
    "9.[12356].*": TOO_LONG,
    "9.4.[1-5]": NO_BINARY,
    "9.4.[6-9]": TOO_LONG,
    "9.8.*": NO_BINARY,
    "10.1.1": TOO_LONG,
    "1[23].*": NO_DEFLATE,
}
# The same gateway without its limit: what differs then has another reason than length.
WITHOUT_A_LIMIT = {"1.2.*": NO_BINARY, "9.[2468].*": NO_BINARY}


class Echo(Recorder):
    """Answers everything with itself, and remembers nothing."""

    def opened(self, connection: Connection) -> None:
        """Nothing to do."""

    def frame(self, connection: Connection, data: bytes) -> None:
        connection.send(data)

    def closed(self, connection: Connection, code: int) -> None:
        """Nothing to do."""


async def outcomes(limits: Limits, cases: list[str]) -> dict[str, str]:
    """Case → the verdict on what was said, and our close code. OK is both, and what no rule is about."""
    async with local(Echo(), limits=limits, allowed_origin=lambda _: True) as rig:
        try:
            results: list[Any] = await run_fuzzingclient(rig.url, cases, concurrency=AT_ONCE)
        except FailureError as failure:
            results = failure.results
    return {result.case_id: outcome(result) for result in results}


def outcome(result: Any) -> str:
    said, ended = result.behavior.value, result.behavior_close.value
    if said == ended and said in ("OK", "INFORMATIONAL"):
        return "OK"
    return f"{said} {result.remote_close_code}"


def listed(case: str, table: dict[str, tuple[str, str]]) -> str:
    """What the table says comes of a case."""
    found = [what for pattern, (what, _) in table.items() if fnmatchcase(case, pattern)]
    assert len(found) <= 1, f"{case} stands twice in the table"
    return found[0] if found else "OK"


@pytest.mark.filterwarnings("ignore:unclosed file .*kosoku:ResourceWarning")
@pytest.mark.parametrize(
    ("limits", "cases", "count", "table"),
    [
        (Limits(**MANY), ["*"], 517, BY_DESIGN),
        (
            Limits(frame_bytes_max=16 * 1024**2, chatter_max=100_000, **MANY),
            ["1.*", "9.*", "10.*"],
            71,
            WITHOUT_A_LIMIT,
        ),
    ],
    ids=["as it is", "without its limit of length"],
)
@on_uvloop
async def test_a_foreign_suite_finds_nothing_but_what_is_listed(
    limits: Limits, cases: list[str], count: int, table: dict[str, tuple[str, str]]
) -> None:
    """Exact: a listed case that goes well is an error of the table."""
    found = await outcomes(limits, cases)
    assert len(found) == count
    assert found == {case: listed(case, table) for case in found}
    assert all(any(fnmatchcase(case, pattern) for case in found) for pattern in table)
