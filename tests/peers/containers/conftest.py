"""The image as far as it can be built here, and the programs that look at it."""

import sys
from pathlib import Path

import pytest

from peers.clean_copy import TOP, clean_copy, fresh_environment, ran
from peers.containers.dockerfile import Build, Stage, sent

LOCKED = TOP / "requirements" / "containers.txt"
PROGRAMS = TOP / ".cache" / "containers"


@pytest.fixture(scope="session")
def programs() -> Path:
    """The folder of hadolint, docker-compose and caddy."""
    stamp = PROGRAMS / "locked.txt"
    if not stamp.exists() or stamp.read_text() != LOCKED.read_text():
        uv = Path(sys.executable).with_name("uv")
        target = ["--target", str(PROGRAMS), "--python", sys.executable, "--reinstall"]
        ran(
            [str(uv), "pip", "install", "--quiet", *target, "--require-hashes", "-r", str(LOCKED)],
            TOP,
            around(),
        )
        stamp.write_text(LOCKED.read_text())
    return PROGRAMS / "bin"


def around() -> dict[str, str]:
    """For programs that are no part of the image."""
    return fresh_environment(PROGRAMS.parent / "home")


@pytest.fixture(scope="package")
def built(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Every step that can be done."""
    scratch = tmp_path_factory.mktemp("image")
    whole = clean_copy(scratch / "whole")
    names = [str(path.relative_to(whole)) for path in whole.rglob("*") if path.is_file()]
    context = scratch / "context"
    for name in [*sent((whole / ".dockerignore").read_text(), names), "Dockerfile"]:
        (context / name).parent.mkdir(parents=True, exist_ok=True)
        (whole / name).rename(context / name)
    plain = fresh_environment(scratch / "home")
    ran([sys.executable, "-m", "venv", str(scratch / "python")], scratch, plain)
    base = fresh_environment(scratch / "home", scratch / "python" / "bin")
    build = Build(context, scratch / "stages", base)
    build.scratch.mkdir()
    build.run()
    return build


@pytest.fixture(scope="package")
def image(built: Build) -> Stage:
    """The last stage."""
    return built.stages["image"]
