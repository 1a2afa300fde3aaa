"""F19: calls that nobody thought of, made from the served description, by a member, an outsider, nobody."""

import asyncio
import os
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest
import schemathesis
from schemathesis.engine import events, from_schema
from schemathesis.hooks import GLOBAL_HOOK_DISPATCHER

from abuse.caller import Caller
from abuse.calls import INSIDE, NEVER, OF_HOSTS, PUBLIC
from clubroom.app.settings import Settings
from clubroom.dba.pool import Database
from house.server import House, running

LONG = os.environ.get("CLUBROOM_VERIFY") == "long"
EXAMPLES = 100 if LONG else 2  # of each call, beside the systematic ones
EXAMPLES_ALONE = 4
EXAMPLES_MORE = 100  # where none of those got anywhere
SEED = random.randrange(2**32) if LONG else 3
OTHER_CALLS = ("/codes/reset", "/invitations/send")
NO_HTTP = b"Invalid HTTP request received."
MISSED_MAX = 0 if LONG else 3
LEFT_OUT = {
    "positive_data_acceptance": "a text of the right type may still say nothing",
    "missing_required_header": "the caller sends its token whatever was made up; see `Caller`",
    "ignored_auth": "the same",
}
CONFIG = {
    "seed": SEED,
    "continue-on-failure": True,
    "checks": {name: {"enabled": False} for name in LEFT_OUT},
}


async def description(house: House) -> dict[str, Any]:
    """As it is served, but for `default`: each answer must be one that the call names."""
    async with house.http() as http:
        described: dict[str, Any] = (await http.get("/api/openapi.json")).json()
    for path in described["paths"].values():
        for call in path.values():
            del call["responses"]["default"]
    return described


def only(described: dict[str, Any], calls: set[tuple[str, str]]) -> dict[str, Any]:
    """The same description of no more than these."""
    paths = {
        path: {method: call for method, call in item.items() if (method.upper(), path) in calls}
        for path, item in described["paths"].items()
    }
    return described | {"paths": {path: item for path, item in paths.items() if item}}


@contextmanager
def hooked(caller: Caller) -> Iterator[None]:
    """Every call that is made up goes through the caller's hands."""
    hooks: dict[str, Any] = {"before_call": caller.before_call, "after_call": caller.after_call}
    for name, hook in hooks.items():
        GLOBAL_HOOK_DISPATCHER.register_hook_with_name(hook, name)
    try:
        yield
    finally:
        for hook in hooks.values():
            GLOBAL_HOOK_DISPATCHER.unregister(hook)


def failed(recorder: Any) -> Iterator[str]:
    """What was asked and answered, for each check that did not hold."""
    for name, checks in recorder.checks.items():
        asked = recorder.interactions[name].request
        answer = recorder.interactions[name].response
        if answer is not None and answer.content == NO_HTTP:
            continue  # what was made up was no request at all
        if answer is not None and answer.status_code == 405 and asked.uri.endswith(OTHER_CALLS):
            continue  # what was made up as a number is the name of another call
        for check in checks:
            if check.failure_info is not None:
                failure = check.failure_info.failure
                yield (
                    f"{failure.title}: {failure.message}\n{asked.method} {asked.uri} {asked.body!r}\n"
                    f"{answer and answer.status_code} {answer and answer.content[:500]!r}"
                )


def complaints(described: dict[str, Any], url: str, examples: int, *, systematic: bool) -> Iterator[str]:
    """Everything that was not as described. `systematic`: each limit of each field is tried out, too."""
    config = schemathesis.Config.from_dict(
        CONFIG
        | {
            "base-url": url,
            "generation": {"max-examples": examples, "database": "none", "no-shrink": True},
            "phases": {
                "coverage": {"enabled": systematic},
                "stateful": {"enabled": examples != EXAMPLES_MORE},  # those left over lead to calls not there
            },
        }
    )
    for event in from_schema(schemathesis.openapi.from_dict(described, config=config)).execute():
        match event:
            case events.ScenarioFinished(recorder=recorder):
                yield from failed(recorder)
            case events.NonFatalError(label=label, info=info):
                yield f"{label}: {info.title}: {info.message}"
            case events.FatalError(exception=error):
                raise error


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@pytest.mark.parametrize("role", ["member", "outsider", "anonymous"])
async def test_whatever_is_called_is_answered_as_described_and_only_to_whom_it_is_for(
    database: Database, settings: Settings, role: str
) -> None:
    behind_a_proxy = msgspec.structs.replace(settings, proxies=frozenset({"127.0.0.1"}))
    async with running(database, behind_a_proxy) as house:
        caller = Caller(house, role, random.Random(SEED))
        await caller.come()
        described = await description(house)
        calls = {(method.upper(), path) for path, item in described["paths"].items() for method in item}
        calls -= OF_HOSTS | NEVER
        expected = {"member": calls, "outsider": calls - INSIDE, "anonymous": PUBLIC - NEVER}[role]
        systematic = LONG or role == "member"  # what is no good input is that for everybody
        examples = EXAMPLES if systematic else EXAMPLES_ALONE

        def make_up() -> list[str]:
            found = list(complaints(described, house.url, examples, systematic=systematic))
            missed = expected - caller.succeeded
            if missed:
                found += complaints(only(described, missed), house.url, EXAMPLES_MORE, systematic=False)
            return found

        with hooked(caller):
            found = await asyncio.to_thread(make_up)
        await house.everyone_leaves()
        assert not found + caller.wrongs, "\n\n".join([f"seed {SEED}", *found, *caller.wrongs])
        missed = expected - caller.succeeded
        assert len(missed) <= MISSED_MAX, f"nothing that was made up got anywhere with {missed}"
    sys.stdout.write(f"F19: {role}: {caller.answers.total()} calls (seed {SEED})\n")
