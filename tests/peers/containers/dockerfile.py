"""A Dockerfile, read and done step by step in folders of this computer, where no image can be had.

The root of each stage is a folder, and what a step calls `/clubroom` or `/data` lies in it. What only root
may do is not done, but named in `left_out`. Before a step that is not known it stops.
"""

import fnmatch
import json
import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from peers.clean_copy import ran

WITHIN = re.compile(r"(?<![\w.])/(?=clubroom\b|data\b)")
ONLY_ROOT_MAY = ("useradd ",)
SAID_ONLY = {"USER", "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "CMD"}


@dataclass
class Stage:
    """What a step has left behind, for those after it."""

    root: Path
    environment: dict[str, str]
    folder: str = "/"
    said: dict[str, str] = field(default_factory=dict)

    def at(self, path: str) -> Path:
        """Where something lies, from the folder of its steps on."""
        return self.root / str(PurePosixPath(self.folder) / path).lstrip("/")

    def mapped(self, text: str) -> str:
        """A command or a value with its paths."""
        return WITHIN.sub(f"{self.root}/", text)

    def words(self, kind: str) -> list[str]:
        """What CMD, or the HEALTHCHECK's, would execute."""
        found: list[str] = json.loads(self.said[kind].partition("CMD ")[2] or self.said[kind])
        return found


@dataclass
class Build:
    """`base` stands for what the images come with."""

    context: Path
    scratch: Path
    base: dict[str, str]
    left_out: list[str] = field(default_factory=list)
    stages: dict[str, Stage] = field(default_factory=dict)

    def run(self) -> Stage:
        """All of it; the last stage."""
        for word, rest in steps((self.context / "Dockerfile").read_text()):
            if word == "FROM":
                name = rest.partition(" AS ")[2] or "image"
                stage = self.stages[name] = Stage(self.scratch / name, dict(self.base))
                stage.root.mkdir()
            elif word != "ARG":
                self.step(stage, word, rest)
        return stage

    def step(self, stage: Stage, word: str, rest: str) -> None:
        """One of them."""
        if word in SAID_ONLY:
            stage.said[word] = rest
        elif word == "WORKDIR":
            stage.folder = rest
            stage.at("").mkdir(parents=True)
        elif word == "ENV":
            for pair in shlex.split(rest):
                name, _, value = pair.partition("=")
                before, path, after = value.partition("${PATH}")
                known = stage.environment["PATH"] if path else ""
                stage.environment[name] = stage.mapped(before) + known + stage.mapped(after)
        elif word == "COPY":
            self.copy(stage, rest.split())
        else:
            assert word == "RUN", word
            self.do(stage, rest)

    def do(self, stage: Stage, command: str) -> None:
        """By a shell, as images do."""
        if command.startswith(ONLY_ROOT_MAY):
            self.left_out.append(command)
        else:
            ran(["sh", "-c", stage.mapped(command)], stage.at(""), stage.environment)

    def copy(self, stage: Stage, words: list[str]) -> None:
        """Each source has to be there."""
        options = [word for word in words if word.startswith("--")]
        *sources, into = [word for word in words if not word.startswith("--")]
        for option in options:
            assert option.startswith("--from="), option
        for source in sources:
            there = self.stages[options[0][7:]].at(source) if options else self.context / source
            assert there.exists(), f"COPY {source}: it is not there"
            place = stage.at(into)
            if there.is_dir():
                shutil.copytree(there, place, symlinks=True, dirs_exist_ok=True)
            else:
                assert into.endswith("/"), f"COPY {source} {into}: name a folder"
                place.mkdir(parents=True, exist_ok=True)
                shutil.copy2(there, place)


def steps(text: str) -> Iterator[tuple[str, str]]:
    """Word and rest; a line is a step."""
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            assert not line.endswith("\\")
            word, _, rest = line.partition(" ")
            yield word, rest


def sent(ignore: str, paths: list[str]) -> list[str]:
    """What `.dockerignore` leaves of these: the last line that fits decides."""
    rules = [line for line in ignore.splitlines() if line and not line.startswith("#")]

    def kept(path: str) -> bool:
        verdict = True
        whole = [path, *(str(above) for above in PurePosixPath(path).parents)]
        for rule in rules:
            if any(fnmatch.fnmatchcase(part, rule.removeprefix("!")) for part in whole):
                verdict = rule.startswith("!")
        return verdict

    return [path for path in paths if kept(path)]
