"""Colour, type, space, radius and motion come from web/src/tokens.css: no other styles say a value."""

import re
from collections.abc import Iterator

WHERE_TOKENS_ARE = "web/src/tokens.css"
WHERE_FACES_ARE = "web/src/fonts.css"
HAIR_PX = 2
"""What aligns by a pixel or two is no space."""
DECLARED = re.compile(r"(?<![\w-])(-{0,2}[a-z][\w-]*)\s*:\s*([^;{}]+)(?:;|(?=\}))")
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch)a?\(", re.IGNORECASE)
NAMED = re.compile(
    r"(?<![\w-])(?:black|white|red|green|blue|gray|grey|silver|yellow|orange|purple|brown|pink|navy|teal|maroon"
    r"|olive|lime|aqua|cyan|magenta|fuchsia|gold|beige|ivory|crimson|coral|salmon|tomato|indigo|violet)(?![\w-])",
    re.IGNORECASE,
)
PAPER = ("background", "white")
"""What is printed on."""
COLOURED = re.compile(r"color|background|border|outline|fill$|stroke$|shadow|text-decoration")
TIME = re.compile(r"(?<![\w.-])\d*\.?\d+m?s\b")
EASING = re.compile(r"cubic-bezier\(|\b(?:ease(?:-in|-out|-in-out)?|steps\()(?![\w-])")
LENGTH = re.compile(r"(?<![\w.-])-?(\d*\.?\d+)(px|rem|pt|vw|vh|vmin|ch)\b")
NUMBER = re.compile(r"(?<![\w.-])\d*\.?\d+(?!\d*\.?\d*[%\w])")
VARIABLE = re.compile(r"var\((--[\w-]+)")
SPACE = re.compile(r"(?:margin|padding|gap|row-gap|column-gap)(?:-|$)")
EASING_OF_TOKENS = re.compile(r"var\(--[\w-]+\)")


def raw_values(css: str) -> Iterator[tuple[int, str]]:
    """Where in `css`, and what it says without a token."""
    css = re.sub(r"/\*.*?\*/", lambda found: re.sub(r"[^\n]", " ", found[0]), css, flags=re.DOTALL)
    for found in DECLARED.finditer(css):
        name, value = found[1], found[2]
        if what := _raw(name, value):
            yield found.start(), f"has the {what} `{name}: {' '.join(value.split())}` of its own"


def _raw(name: str, value: str) -> str:
    bare = EASING_OF_TOKENS.sub("", value)
    if COLOUR.search(bare) or _is_named_colour(name, bare.strip()):
        return "colour"
    if name == "font" and (LENGTH.search(bare) or NUMBER.search(bare)):
        return "type"
    if name == "font-size" and LENGTH.search(bare):
        return "type size"
    if name == "font-weight" and NUMBER.search(bare):
        return "weight"
    if name == "line-height" and (NUMBER.search(bare) or LENGTH.search(bare)):
        return "line height"
    if "radius" in name and any(float(length[1]) for length in LENGTH.finditer(bare)):
        return "radius"
    if SPACE.match(name) and any(_is_space(length) for length in LENGTH.finditer(bare)):
        return "space"
    if name.startswith(("transition", "animation")) and (TIME.search(bare) or EASING.search(bare)):
        return "motion"
    if name == "box-shadow" and LENGTH.search(bare) and "inset" not in bare and "color-mix" not in bare:
        return "shadow"
    return ""


def _is_named_colour(name: str, value: str) -> bool:
    return (name, value) != PAPER and bool(COLOURED.search(name) and NAMED.search(value))


def _is_space(length: re.Match[str]) -> bool:
    """The width of a window is none; a hair is none."""
    return length[2] in {"rem", "pt", "ch"} or (length[2] == "px" and float(length[1]) > HAIR_PX)
