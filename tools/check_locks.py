"""The lock files fit pyproject.toml: every dependency is there at a version that it admits, with hashes.

Reads files only, so it needs no network. `make lock` makes the locks anew.
"""

import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
ENTRY = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)(?P<rest>[^\n]*(?:\n[ ]+[^\n]*)*)", re.MULTILINE)
Lock = dict[str, set[str]]


def read_lock(text: str) -> tuple[Lock, list[str]]:
    """Versions of every package (a universal lock can hold two, under markers), and entries without a hash."""
    versions: Lock = {}
    bare = []
    for entry in ENTRY.finditer(text):
        versions.setdefault(canonicalize_name(entry["name"]), set()).add(entry["version"])
        if "--hash=sha256:" not in entry["rest"]:
            bare.append(entry["name"])
    return versions, bare


def unmet(wanted: list[str], lock: Lock) -> list[str]:
    found = []
    for requirement in map(Requirement, wanted):
        versions = lock.get(canonicalize_name(requirement.name), set())
        if not any(requirement.specifier.contains(version, prereleases=True) for version in versions):
            found.append(f"{requirement} (locked: {', '.join(sorted(versions)) or 'not at all'})")
    return found


def drifted(runtime: Lock, other: Lock, name: str) -> list[str]:
    return [f"{one} (differs in {name})" for one in runtime if runtime[one] != other.get(one)]


def findings(root: Path) -> list[str]:
    project = tomllib.loads((root / "pyproject.toml").read_text())
    needed = project["project"]["dependencies"]
    wanted = {
        "requirements.lock": needed,
        "requirements-dense.lock": needed + project["project"]["optional-dependencies"]["dense"],
        "requirements-dev.lock": needed + project["dependency-groups"]["dev"],
    }
    read = {name: read_lock((root / name).read_text()) for name in wanted}
    runtime, _ = read["requirements.lock"]
    return [
        *(f"{name} does not fit: {text}" for name, all_of in wanted.items() for text in unmet(all_of, read[name][0])),
        *(f"the locks disagree: {text}" for name, (lock, _) in read.items() for text in drifted(runtime, lock, name)),
        *(f"locked without a hash: {name}" for name in sorted({one for _, bare in read.values() for one in bare})),
    ]


if __name__ == "__main__":
    found = findings(ROOT)
    print("\n".join(found) or "Locks: they fit pyproject.toml")
    if found:
        print("`make lock` makes them anew.")
    sys.exit(bool(found))
