"""What a request wants expanded, as a tree: "body.storage,version" -> {"body": {"storage": {}}, "version": {}}."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from sandbox.confluence.wire import BadRequestError, Json

Tree = dict[str, "Tree"]
_MOST = 50


def tree_of(text: str) -> Tree:
    """Raises BadRequestError when there is too much of it."""
    paths = [path.strip() for path in text.split(",") if path.strip()]
    if len(paths) > _MOST or any(path.count(".") > 10 for path in paths):
        raise BadRequestError("Too many expansions")
    root: Tree = {}
    for path in paths:
        node = root
        for name in path.split("."):
            node = node.setdefault(name, {})
    return root


def expanded(
    plain: Json, wanted: Tree, parts: Mapping[str, Callable[[Tree], object]], closed: Iterable[str] = ()
) -> Json:
    """`plain` with the wanted of its `parts`; the others, and those that are always `closed`, are only named."""
    shown = {name: part(wanted[name]) for name, part in parts.items() if name in wanted}
    left = {name: "" for name in (*parts, *closed) if name not in shown}
    return {**plain, **shown, "_expandable": left}
