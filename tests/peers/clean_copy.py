"""What a platform or an image gets: the files of the repository in a folder, and nothing around."""

import os
import shutil
import subprocess
from pathlib import Path

TOP = Path(__file__).parents[2]
KEPT = ("LANG", "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "NODE_USE_SYSTEM_CA")
OF_INSTALLERS = ("PIP_", "UV_", "NPM_CONFIG_", "npm_config_", "HTTP", "http", "NO_PROXY", "no_proxy")
"""How this computer reaches packages."""
RUN_S = 900


def clean_copy(into: Path) -> Path:
    """Everything that git keeps, or would."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=TOP, check=True, capture_output=True, text=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (TOP / name).is_file():
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(TOP / name, into / name)
    return into


def fresh_environment(home: Path, *programs: Path, **more: str) -> dict[str, str]:
    """Nothing of ours: `programs` are folders that come before the system's."""
    home.mkdir(parents=True, exist_ok=True)
    kept = {
        name: value for name, value in os.environ.items() if name in KEPT or name.startswith(OF_INSTALLERS)
    }
    path = ":".join([*map(str, programs), "/usr/local/bin", "/usr/bin", "/bin"])
    return kept | {"PATH": path, "HOME": str(home)} | more


def ran(command: list[str], folder: Path, environment: dict[str, str]) -> str:
    """What it said; it has to succeed."""
    done = subprocess.run(
        command, cwd=folder, env=environment, check=False, text=True, timeout=RUN_S,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout[-4_000:]}"
    return done.stdout
