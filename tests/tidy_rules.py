"""What a machine can refuse. Each rule gives a sentence for each place where it is broken."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from tidy_tokens import WHERE_FACES_ARE, WHERE_TOKENS_ARE, raw_values

FILE_LINES_MAX = {".py": 400, ".ts": 400, ".svelte": 400, ".css": 400, ".js": 400, ".sql": 600}
FUNCTION_LINES_MAX = 60
TITLE_WORDS_MIN = 4
BLINK_SECONDS_MAX = 0.05
BANNED_WORDS = {"service", "manager", "util", "helper", "common"}
# Where an error of any kind may be caught and not raised again, and why.
CATCHES_ALL = {
    "src/clubroom/app/aws/frames.py": "the gateway would tell the client in words that are none of ours",
    "src/clubroom/app/aws/work.py": "the other jobs go on, and this one is tried again",
    "src/clubroom/app/beat.py": "the beat goes on",
    "src/clubroom/chat/files/picture_child.py": "an image is no good, whatever its decoder says",
    "src/clubroom/dba/pool.py": "what is committed is committed, whatever telling it meets",
    "src/clubroom/dba/posting.py": "the lane outlives whatever one batch meets",
    "src/clubroom/notification/worker.py": "the other jobs go on, and this one is tried again",
    "src/clubroom/ports/gateway/local.py": "the socket loop",
}
VENDORS = re.compile(
    r"auth0|aws|backblaze|boto|cloudflare|firehose|hasura|heroku|lambda_handler|redis|s3\b", re.I
)
VENDORS_WELCOME = re.compile(r"src/clubroom/(ports/\w+|app)/")
SQL = re.compile(
    r"\bSELECT\b.*\bFROM\b|\bINSERT\s+INTO\b|\bUPDATE\b.*\bSET\b|\bDELETE\s+FROM\b"
    r"|^\s*(?i:select|insert\s+into|delete\s+from)\s",
    re.DOTALL,
)
# In pieces, so that this file does not name what it looks for.
HOSTS = [".".join(parts) for parts in [("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"),
                                       ("npmjs", "com"), ("deb", "debian", "org")]]  # fmt: skip
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
STYLES = re.compile(r"<style>(.*?)</style>", re.DOTALL)
A_SIDE = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|inset|scroll-margin|scroll-padding)-(?:left|right)"
    r"|border-(?:(?:left|right)(?:-(?:width|style|color))?|(?:top|bottom)-(?:left|right)-radius)|left|right)\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)\b|\bto\s+(?:left|right)\b"
    r"|\btranslateX\(|\b(?:rotate\s*:|rotate\()\s*-?(?:45|90|270)deg"
)
FOUR_SIDES = re.compile(
    r"(?<![\w-])(margin|padding|inset|border-(?:width|style|color|radius)|scroll-margin|scroll-padding)"
    r"\s*:\s*([^;{}]+);"
)
ONE_SIDE = re.compile(r"(?:[^\s()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))+")
SKIPPED_IN_CLIENT = re.compile(r"\b(it|test|describe)\.(skip|todo|only|fails)\b")


@dataclass(frozen=True)
class Source:
    """A file: its path from the top of the repository, with slashes, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Python only."""
        return ast.parse(self.text)

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.path).suffix

    @property
    def is_ours(self) -> bool:
        """Written by hand: code made from the server's types says so in its first lines."""
        return not any("do not edit" in line.lower() for line in self.lines[:4])

    @property
    def is_product(self) -> bool:
        return self.path.startswith("src/")

    @property
    def is_test(self) -> bool:
        return self.path.startswith("tests/")


Found = Iterator[tuple[int, str]]
Rule = Callable[[Source], Found]


def complaints(source: Source) -> list[str]:
    """Every place of a file where a rule is broken, as `path:line: sentence`."""
    rules: list[Rule] = [*EVERYWHERE]
    if source.suffix in FILE_LINES_MAX:
        rules += IN_CODE
    if source.suffix in {".css", ".svelte"}:
        rules += IN_STYLES
    if source.suffix == ".py":
        rules += IN_PYTHON
        rules += IN_PRODUCT if source.is_product else []
        rules += IN_TESTS if source.is_test else []
    return [f"{source.path}:{line}: {sentence}" for rule in rules for line, sentence in rule(source)]


def names_a_registry(source: Source) -> Found:
    for number, line in enumerate(source.lines, 1):
        for host in HOSTS:
            if host in line:
                yield number, "names a package registry: locks and documents do not"


def is_unfinished(source: Source) -> Found:
    for number, line in enumerate(source.lines, 1):
        if UNFINISHED.search(line):
            yield number, "is marked as unfinished: finish it, or open an issue"


def is_too_long(source: Source) -> Found:
    most = FILE_LINES_MAX[source.suffix]
    if len(source.lines) > most and source.is_ours:
        yield most, f"has {len(source.lines)} lines, more than {most}"


def has_a_banned_file_name(source: Source) -> Found:
    for part in PurePosixPath(source.path).with_suffix("").parts:
        if any(_is_banned(word) for word in re.split(r"[_\W]", part.lower())):
            yield 1, f"is called {part}: name it by the thing"


def skips_in_the_client(source: Source) -> Found:
    for number, line in enumerate(source.lines, 1):
        if source.path.endswith(".test.ts") and SKIPPED_IN_CLIENT.search(line):
            yield number, "does not run all tests"


def names_a_side(source: Source) -> Found:
    """Where lines begin and end is said, not left and right: that holds from right to left, too."""
    for line, text in _styles(source):
        for found in A_SIDE.finditer(text):
            yield line + text.count("\n", 0, found.start()), f"says {found[0].strip()!r}: {LOGICALLY}"
        for found in FOUR_SIDES.finditer(text):
            if _is_lopsided(found[1], found[2]):
                number = line + text.count("\n", 0, found.start())
                yield number, f"has two sides that differ in {found[0]!r}: {LOGICALLY}"


def has_a_long_function(source: Source) -> Found:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES_MAX:
                yield node.lineno, f"{node.name} has {lines} lines, more than {FUNCTION_LINES_MAX}"


def has_a_banned_class_name(source: Source) -> Found:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef):
            words = re.findall(r"[A-Z][a-z]*", node.name)
            if any(_is_banned(word.lower()) for word in words):
                yield node.lineno, f"class {node.name}: name it by the thing"


def has_an_unbounded_queue(source: Source) -> Found:
    for call in _calls(source):
        name = _name(call.func).rpartition(".")[2]
        if name.endswith("Queue"):
            limits = [*call.args[:1], *(k.value for k in call.keywords if k.arg == "maxsize")]
            bounded = any(not (isinstance(limit, ast.Constant) and limit.value == 0) for limit in limits)
        elif name == "deque":
            bounded = len(call.args) > 1 or any(k.arg == "maxlen" for k in call.keywords)
        else:
            continue
        if not bounded and "# bounded:" not in source.lines[call.lineno - 1]:
            yield call.lineno, "a queue without a limit (or `# bounded: by what`)"


def catches_everything(source: Source) -> Found:
    if source.path in CATCHES_ALL:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler):
            every = node.type is None or _name(node.type) in {"Exception", "BaseException"}
            raised_again = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
            if every and not raised_again:
                yield node.lineno, "catches whatever happens: only the outermost loops may (CATCHES_ALL)"


def speaks_sql(source: Source) -> Found:
    if not source.path.startswith("src/clubroom/dba/"):
        for line, text in _strings(source):
            if SQL.search(text):
                yield line, "speaks SQL outside of dba"


def names_a_vendor(source: Source) -> Found:
    """In code; a comment or a docstring may say whom something is good for."""
    if VENDORS_WELCOME.match(source.path):
        return
    for line, text in [*_strings(source), *_identifiers(source)]:
        if VENDORS.search(text):
            yield line, f"names a vendor in {text[:40]!r}: that belongs into ports, app or deploy"


def sleeps(source: Source) -> Found:
    """A turn of the loop is fine, and so is a blink between two looks at a condition."""
    looks = [node for node in ast.walk(source.tree) if isinstance(node, ast.While) and _asks(node.test)]
    blinks = {id(inner) for look in looks for inner in ast.walk(look)}
    for call in _calls(source):
        seconds = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
        blink = isinstance(seconds, float) and seconds <= BLINK_SECONDS_MAX and id(call) in blinks
        if _name(call.func).rpartition(".")[2] == "sleep" and seconds != 0 and not blink:
            yield call.lineno, "waits for a time to pass: wait for what should happen"


def skips(source: Source) -> Found:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute):
            word = _name(node).removeprefix("pytest.").removeprefix("mark.")
            if _name(node).startswith("pytest.") and word in {"skip", "skipif", "xfail", "importorskip"}:
                yield node.lineno, "skips: what cannot run must fail"


def has_no_sentence_for_a_title(source: Source) -> Found:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            before, test, title = node.name.partition("test_")
            if test and not before and len(title.split("_")) < TITLE_WORDS_MIN:
                yield node.lineno, f"{node.name} is no sentence: say what holds"


def says_a_value_of_its_own(source: Source) -> Found:
    """Tokens only: see docs/design.md."""
    if source.path not in {WHERE_TOKENS_ARE, WHERE_FACES_ARE}:
        for line, text in _styles(source):
            for at, what in raw_values(text):
                yield line + text.count("\n", 0, at), f"{what}: take a token of {WHERE_TOKENS_ARE}"


LOGICALLY = "say it by where lines start and end (inline-start, inline-end, var(--ahead))"
EVERYWHERE: list[Rule] = [names_a_registry]
IN_CODE: list[Rule] = [is_unfinished, is_too_long, has_a_banned_file_name, skips_in_the_client]
IN_STYLES: list[Rule] = [names_a_side, says_a_value_of_its_own]
IN_PYTHON: list[Rule] = [has_a_long_function, has_a_banned_class_name]
IN_PRODUCT: list[Rule] = [has_an_unbounded_queue, catches_everything, speaks_sql, names_a_vendor]
IN_TESTS: list[Rule] = [sleeps, skips, has_no_sentence_for_a_title]


def _is_banned(word: str) -> bool:
    return word in BANNED_WORDS or word.removesuffix("s") in BANNED_WORDS


def _styles(source: Source) -> Iterator[tuple[int, str]]:
    """Each sheet of styles, and the line on which it begins."""
    if source.suffix == ".css":
        yield 1, source.text
    else:
        for found in STYLES.finditer(source.text):
            yield source.text.count("\n", 0, found.start(1)) + 1, found[1]


def _is_lopsided(name: str, value: str) -> bool:
    """Whether left and right differ in a value for four sides or corners; the screen's own edges may."""
    for part in value.split("/"):
        sides = ONE_SIDE.findall(part)
        if name.endswith("radius"):
            pairs = {2: [(0, 1)], 3: [(0, 1), (1, 2)], 4: [(0, 1), (2, 3)]}.get(len(sides), [])
        else:
            pairs = [(1, 3)] if len(sides) > 3 and "safe-area-inset-left" not in part else []
        if any(sides[one] != sides[other] for one, other in pairs):
            return True
    return False


def _asks(test: ast.expr) -> bool:
    return not isinstance(test, ast.Constant)


def _calls(source: Source) -> Iterator[ast.Call]:
    return (node for node in ast.walk(source.tree) if isinstance(node, ast.Call))


def _name(node: ast.expr) -> str:
    """`a.b.c` as it is written; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_name(node.value)}.{node.attr}"
    return _name(node.value) if isinstance(node, ast.Subscript) else ""


def _strings(source: Source) -> Iterator[tuple[int, str]]:
    """String constants, parts of f-strings too, but no docstrings."""
    documents = {
        id(node.value) for node in ast.walk(source.tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }  # fmt: skip
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
            yield node.lineno, node.value


def _identifiers(source: Source) -> Iterator[tuple[int, str]]:
    for node in ast.walk(source.tree):
        match node:
            case ast.Name(id=name) | ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                yield node.lineno, name
            case ast.AsyncFunctionDef(name=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield node.lineno, name
            case ast.Import(names=names):
                yield from ((node.lineno, alias.name) for alias in names)
            case ast.ImportFrom(module=str(module)):
                yield node.lineno, module
