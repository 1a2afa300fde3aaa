"""How much a browser loads before it shows the first screen: read from the client as it was built."""

import gzip
import re
from pathlib import Path

import msgspec

KB = 1_000
SCRIPT_KB_MAX = 150
STYLE_KB_MAX = 25

SCRIPT = re.compile(r'<script[^>]* src="/([^"]+)"|<link rel="modulepreload"[^>]* href="/([^"]+)"')
STYLE = re.compile(r'<link rel="stylesheet"[^>]* href="/([^"]+)"')
IMPORTED = re.compile(r'(?:\bfrom|\bimport)\s*"\./([\w.-]+\.js)"')
"""At once: of `import("./late.js")` the bracket comes before the name."""


class FirstLoad(msgspec.Struct, frozen=True):
    """Gzipped, in kB (of 1,000 bytes). The scripts' names lead to their sizes; `language` is the largest."""

    scripts: dict[str, float]
    styles: dict[str, float]
    language: tuple[str, float]

    @property
    def script_kb(self) -> float:
        """All scripts, with the words of one language."""
        return sum(self.scripts.values()) + self.language[1]

    @property
    def style_kb(self) -> float:
        """All style sheets."""
        return sum(self.styles.values())


def first_load(dist: Path, languages: list[str]) -> FirstLoad:
    """Of the built client in that folder. Raises ValueError if it is not one."""
    page = (dist / "index.html").read_text()
    wanted = [one or other for one, other in SCRIPT.findall(page)]
    if not wanted:
        raise ValueError("The page loads no script.")
    for name in wanted:
        found = IMPORTED.findall((dist / name).read_text()) if name.startswith("assets/") else []
        wanted += [f"assets/{one}" for one in found if f"assets/{one}" not in wanted]
    texts = {name: size for one in languages for name, size in _texts(dist, one)}
    language = max(texts.items(), key=lambda named: named[1])
    if any(name in texts for name in wanted):
        raise ValueError("A language is loaded by everybody.")
    return FirstLoad(
        {name: gzipped_kb(dist / name) for name in wanted},
        {name: gzipped_kb(dist / name) for name in STYLE.findall(page)},
        language,
    )


def languages_in(texts: Path) -> list[str]:
    """That the client speaks: `en`, `de`."""
    return sorted(one.stem for one in texts.glob("??.ts"))


def _texts(dist: Path, language: str) -> list[tuple[str, float]]:
    found = list((dist / "assets").glob(f"{language}-*.js"))
    if len(found) != 1:
        raise ValueError(f"The words of {language} are in {len(found)} scripts.")
    return [(f"assets/{found[0].name}", gzipped_kb(found[0]))]


def gzipped_kb(file: Path) -> float:
    """As servers compress."""
    return len(gzip.compress(file.read_bytes(), 6, mtime=0)) / KB
