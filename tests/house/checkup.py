"""What the doctor found, for tests to look at."""

from clubroom.app.doctor.finding import Finding


def about(check: str, findings: list[Finding]) -> list[tuple[str, str]]:
    """The findings of one check: how grave, and in which words."""
    return [(one.level, one.says) for one in findings if one.check == check]


def levels(findings: list[Finding]) -> dict[str, str]:
    """The gravest of each check."""
    grave = ["good", "warning", "wrong"]
    found: dict[str, str] = {}
    for one in findings:
        found[one.check] = max(found.get(one.check, "good"), one.level, key=grave.index)
    return found
