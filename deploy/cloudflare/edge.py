"""Puts together what the edge serves, and brings it there: `make edge` (docs/host/cloudflare.md).

    python deploy/cloudflare/edge.py [--only-assemble] [what `wrangler deploy` takes, like --dry-run]

The client's headers are those of the server: `_headers` is written from the same lines of `clubroom.fe`.
"""

# ruff: noqa: S603, T201 (it runs what package-lock.json names, and talks to whoever runs it)

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from clubroom.app.settings import DIST, SettingError, from_environment, operator
from clubroom.fe.http import HASHED, SHELL, cached, fences
from clubroom.fe.pages import FOLDER, Operator, filled
from clubroom.ports.blobs.bucket import bucket_of

HERE = Path(__file__).parent
SECRET = "CLUBROOM_EDGE_SECRET"  # noqa: S105 - its name
SECURE = {"ORIGIN": ("https",), "SOCKET_ORIGIN": ("wss", "https")}
QUIET = {"WRANGLER_SEND_METRICS": "false", "WRANGLER_SEND_ERROR_REPORTS": "false"}


def main(arguments: list[str]) -> int:
    """Exit status."""
    try:
        assemble(DIST, HERE / "dist", files_origin(os.environ), operator(os.environ), public_url(os.environ))
        if arguments == ["--only-assemble"]:
            return 0
        return deploy(os.environ, arguments)
    except SettingError as error:
        print(f"edge: {error}", file=sys.stderr)
        return 1


def files_origin(environment: Mapping[str, str]) -> str:
    """Where browsers find images and files, by the settings of the server. Raises SettingError."""
    endpoint, bucket = (environment.get(f"CLUBROOM_B2_{part}") for part in ("ENDPOINT", "BUCKET"))
    if endpoint and bucket:
        try:
            return bucket_of(endpoint, bucket, "-", "-").endpoint
        except ValueError as error:
            raise SettingError(f"CLUBROOM_B2_ENDPOINT and CLUBROOM_B2_BUCKET look like {error}.") from None
    told = {name: environment.get(name, "") for name in ("CLUBROOM_FILES_URL", "PUBLIC_URL")}
    files_url = from_environment(told, make=False).files_url
    if files_url is None:
        raise SettingError(
            "Where do images and files lie? Set CLUBROOM_B2_ENDPOINT and CLUBROOM_B2_BUCKET, or "
            "CLUBROOM_FILES_URL, as for the server."
        )
    return files_url


def assemble(client: Path, into: Path, files: str, who: Operator, origin: str) -> None:
    """The client as it was built, with pages that have no gaps, and the headers it goes out with. The app is
    at `/app`, so that nothing lies at `/`: there the worker chooses a language. Raises SettingError.
    """
    if not (client / "index.html").exists():
        raise SettingError(f"There is no client in {client} yet: make web builds it.")
    shutil.rmtree(into, ignore_errors=True)
    shutil.copytree(client, into, ignore=shutil.ignore_patterns(".*"))
    (into / SHELL).rename(into / "app.html")
    for page in (into / FOLDER).glob("*.html"):
        page.write_text(filled(page.read_text(), who, origin))
    (into / "_headers").write_text(headers(files))


def public_url(environment: Mapping[str, str]) -> str:
    """Where people find this place; only to put it together, it need not be said. Raises SettingError."""
    told = from_environment({"PUBLIC_URL": environment.get("PUBLIC_URL", "")}, make=False).public_url
    return told or ""


def headers(files: str) -> str:
    """In the format of `_headers`: what a later rule says comes on top, unless it takes the earlier away."""
    everywhere = fences(files) | {"cache-control": cached("")}
    lines = ["/*", *(f"  {name}: {value}" for name, value in everywhere.items())]
    lines += [f"/{HASHED}*", "  ! cache-control", f"  cache-control: {cached(HASHED)}"]
    return "\n".join(lines) + "\n"


def deploy(environment: Mapping[str, str], arguments: list[str]) -> int:
    """Hands it to the edge, with the secret in a file that goes again. Raises SettingError."""
    told = {name: environment[name] for name in SECURE if environment.get(name)}
    secret = environment.get(SECRET) or ""
    here = public_url(environment)
    if "ORIGIN" not in told or not secret or not here:
        raise SettingError(f"ORIGIN, PUBLIC_URL and {SECRET} are needed: docs/host/cloudflare.md tells them.")
    from_environment({SECRET: secret}, make=False)
    for name, value in told.items():
        secure(name, value)
    if told["ORIGIN"].rstrip("/") == here:
        raise SettingError("ORIGIN is where Clubroom itself answers, and PUBLIC_URL where the edge does.")
    host = urlsplit(here).hostname or ""
    domain = [] if host.endswith(".workers.dev") else ["--domain", host]
    variables = [part for name, value in told.items() for part in ("--var", f"{name}:{value}")]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as kept:
        json.dump({SECRET: secret}, kept)
        kept.flush()
        wrangler = str(HERE / "node_modules/.bin/wrangler")
        command = [wrangler, "deploy", "--autoconfig=false", *domain, *variables]
        ran = subprocess.run(
            [*command, "--secrets-file", kept.name, *arguments],
            cwd=HERE, env=os.environ | QUIET, check=False,
        )  # fmt: skip
    return ran.returncode


def secure(name: str, value: str) -> None:
    """Cookies, tokens and the secret go there, and may be read by nobody on the way. Raises SettingError."""
    try:
        parts = urlsplit(value)
        well = parts.scheme in SECURE[name] and parts.hostname and parts.port != 0
    except ValueError:
        well = False
    if not well:
        raise SettingError(f"{name} is {' or '.join(f'{one}://' for one in SECURE[name])} and a host.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
