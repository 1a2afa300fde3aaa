"""`clubroom doctor`: what is good, doubtful or wrong with a server, in words for whoever hosts it.

It reads the settings of `clubroom serve` and looks; it changes nothing, but for a small file where files lie,
which it deletes again. Where no server runs on an embedded database, that is started for the look.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from clubroom.app.doctor import address, database, files, issuer, machine, mail, online
from clubroom.app.doctor.finding import Finding, good, warning, wrong
from clubroom.app.settings import VARIABLES, SettingError, from_environment


async def examined(environment: Mapping[str, str]) -> list[Finding]:
    """Everything that was found."""
    try:
        settings = from_environment(environment, make=False)
    except SettingError as error:
        return [wrong("settings", str(error), "Set it right: the rest is looked at then.")]
    asked = await database.findings(settings)
    return [
        *_settings(environment),
        *machine.findings(settings),
        *asked.findings,
        *await online.findings(settings),
        *await mail.findings(settings),
        *await issuer.findings(settings),
        *await files.findings(settings),
        *address.public_url(settings),
        *await address.port(settings, asked.server),
    ]


def _settings(environment: Mapping[str, str]) -> Iterator[Finding]:
    unknown = sorted(name for name in environment if name.startswith("CLUBROOM_") and name not in VARIABLES)
    for name in unknown:
        yield warning("settings", f"{name} is no setting of Clubroom.", "Is it misspelt? It does nothing.")
    if not unknown:
        yield good("settings", "All settings can be understood.")


def status(findings: Sequence[Finding]) -> int:
    """For the shell."""
    return int(any(finding.level == "wrong" for finding in findings))


def for_people(findings: Sequence[Finding]) -> str:
    """One line each, and what they come to."""
    lines = [f"{one.level:<8} {' '.join(filter(None, (one.says, one.todo)))}" for one in findings]
    count = Counter(one.level for one in findings)
    told = [f"{count['wrong']} wrong"] if count["wrong"] else []
    if count["warning"]:
        told.append(f"{count['warning']} warning{'s'[: count['warning'] - 1]}")
    return "\n".join([*lines, "", ", ".join(told) or "All is well."])


def for_machines(findings: Sequence[Finding]) -> str:
    """The same as JSON."""
    return msgspec.json.encode({"status": status(findings), "findings": findings}).decode()
