"""No sentence that a person reads stands in the code: texts live in bot/texts/*.ftl, in every language.

Cyrillic in a string of bot/, adapters/, handlers/ or app.py gives such a sentence away. The words that the bot
understands (bot/speech*.py, bot/words.py, bot/answers/) are data of the grammar and may stand there; docstrings are for
us.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACES = ["app.py", "wiring.py", "bot", "adapters", "handlers", "wiring"]
GRAMMAR = re.compile(r"bot/((speech|words)[^/]*(/.*)?|answers/[^/]*)\.py")
CYRILLIC = re.compile(r"[\u0400-\u04ff]")


def sources(root: Path) -> Iterator[Path]:
    for place in PLACES:
        path = root / place
        found = sorted(path.rglob("*.py")) if path.is_dir() else [path]
        yield from (p for p in found if p.exists() and not GRAMMAR.fullmatch(p.relative_to(root).as_posix()))


def docstrings(tree: ast.Module) -> set[ast.expr]:
    """Any bare string statement counts: it is a docstring of a module, a class, a function or a field."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def sentences(source: str) -> Iterator[tuple[int, str]]:
    tree = ast.parse(source)
    skipped = docstrings(tree)
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and node not in skipped]
    for node in constants:
        if isinstance(node.value, str) and CYRILLIC.search(node.value):
            yield node.lineno, node.value


def findings(root: Path) -> list[str]:
    return [
        f"{path.relative_to(root)}:{line}: a text belongs in bot/texts/*.ftl: {text.strip()[:60]!r}"
        for path in sources(root)
        for line, text in sentences(path.read_text())
    ]


if __name__ == "__main__":
    found = findings(ROOT)
    print("\n".join(found) or "Texts: none stands in the code")
    sys.exit(bool(found))
