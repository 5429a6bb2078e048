"""Butterboard: the command line. Settings -> parts -> run; every command has `--help`.

Exit codes: 0 fine, 1 found something, 2 wrong use or settings.
"""
# Each command imports what it uses, when it runs: all of it together takes a second and a half.

from __future__ import annotations

import os
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn, TypeVar

import typer

if TYPE_CHECKING:
    from wiring.settings import AllSettings

app = typer.Typer(add_completion=False, no_args_is_help=False, help=__doc__, pretty_exceptions_enable=False)
people = typer.Typer(no_args_is_help=True, help="The directory of people.")
dead = typer.Typer(no_args_is_help=True, help="What could not be done: see it, try again, drop it.")
app.add_typer(people, name="people")
app.add_typer(dead, name="dead")

T = TypeVar("T")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Language = Literal["ru", "en"]
FileKind = Literal["scenario", "faq", "contacts", "rules", "synonyms", "sensitive"]
Ids = Annotated[list[str], typer.Argument(help="Numbers of `dead list`; `all` for every one.")]


def _out(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _err(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _print(data: object) -> None:
    import json

    import msgspec

    _out(json.dumps(msgspec.to_builtins(data), ensure_ascii=False, indent=2))


def _settings() -> AllSettings:
    from wiring.settings import SettingsError, load_settings

    try:
        return load_settings()
    except SettingsError as error:
        _refuse(error, None)


def _refuse(error: Exception, settings: AllSettings | None) -> NoReturn:
    """What is wrong, a clear line each and never a traceback, unless it is a flaw of ours."""
    from wiring.refusal import refusal

    lines = refusal(error, settings)
    if lines is None:
        raise error
    for line in lines:
        _err(line)
    raise typer.Exit(2) from error


def _run(work: Callable[[AllSettings], Awaitable[T]]) -> T:
    """Run `work` with the settings."""
    import asyncio

    from bot.errors import ButterboardError
    from wiring.logs import set_up_logs

    settings = _settings()
    set_up_logs(settings.main.log_level, settings.main.log_format)

    async def main() -> T:
        return await work(settings)

    try:
        return asyncio.run(main())
    except (ButterboardError, OSError) as error:
        _refuse(error, settings)


@app.callback(invoke_without_command=True)
def default(context: typer.Context) -> None:
    """`run` when no command is given."""
    if context.invoked_subcommand is None:
        run()


@app.command()
def run() -> None:
    """Run the bot until SIGTERM or Ctrl-C."""
    from wiring import run as running

    _run(lambda settings: running.run(settings, _out))


@app.command()
def check(as_json: Json = False) -> None:
    """See whether everything is set up: settings, store, channels, tracker, scenarios."""
    from wiring.check import check_all

    findings = _run(check_all)
    if as_json:
        _print(findings)
    else:
        for finding in findings:
            _out(str(finding))
    raise typer.Exit(1 if any(finding.level == "problem" for finding in findings) else 0)


@app.command()
def lint(
    directory: Annotated[Path | None, typer.Argument(help="Scenarios; default SCENARIOS_DIR.")] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print a JSON Schema instead, for editors.")] = False,
    of: Annotated[FileKind, typer.Option("--of", help="Of which files the schema is.")] = "scenario",
    as_json: Json = False,
) -> None:
    """Check scenario and FAQ files: every error with file, line, step and field."""
    if schema:
        from wiring.schemas import schema_of

        _print(schema_of(of))
        return
    from wiring.linting import lint_files

    problems = lint_files(directory or _settings().main.scenarios_dir)
    if as_json:
        _print(problems)
    else:
        for problem in problems:
            _out(str(problem))
        _out(f"{len(problems)} found" if problems else "all well")
    raise typer.Exit(1 if problems else 0)


@app.command()
def simulate(
    scenario: Annotated[str, typer.Argument(help="The scenario's id.")],
    start: Annotated[str, typer.Option(help="First day, as 2026-12-01; default today.")] = "",
    timezone: Annotated[str, typer.Option(help="The person's time zone.")] = "Europe/Moscow",
    country: Annotated[str, typer.Option(help="The country whose holidays count.")] = "RU",
    after: Annotated[int, typer.Option(min=0, help="Working days after which each step gets done.")] = 1,
    never: Annotated[list[str] | None, typer.Option(help="A step that never gets done; may be repeated.")] = None,
    as_json: Json = False,
) -> None:
    """Play a whole scenario in milliseconds: what happens when, and what people and trackers are sent."""
    from bot.problem import ProblemsError
    from wiring.simulation import first_day, lines
    from wiring.simulation import simulate as play

    try:
        day = first_day(start)
        moments = play(_settings().main.scenarios_dir, scenario, day, timezone, country, after, frozenset(never or ()))
    except (ValueError, LookupError, ProblemsError) as error:
        _err(str(error))
        raise typer.Exit(2) from error
    if as_json:
        _print(moments)
    else:
        for line in lines(moments):
            _out(line)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="As an employee would ask it.")],
    locale: Annotated[Language, typer.Option(help="The language of the answer.")] = "ru",
    as_json: Json = False,
) -> None:
    """What the bot would answer; exit 1 when it knows no good answer."""
    from wiring.answers import find, lines

    found = _run(lambda settings: find(settings, question, locale, _err))
    if as_json:
        _print(found)
    else:
        for line in lines(found):
            _out(line)
    raise typer.Exit(1 if found.band == "unknown" else 0)


@app.command()
def sync(
    report: Annotated[bool, typer.Option("--report", help="Only show what the last run found.")] = False,
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait for the running bot.")] = 300.0,
    as_json: Json = False,
) -> None:
    """Let the running bot compare all issues with the journeys and repair what differs; exit 1 when it did not end."""
    from wiring.syncing import lines, reconciled, reported

    found = _run(reported if report else lambda settings: reconciled(settings, wait, _err))
    if as_json:
        _print(found)
    else:
        for line in lines(found):
            _out(line)
    raise typer.Exit(0 if found.summary is not None else 1)


@app.command()
def backup(out: Annotated[Path, typer.Argument(help="The file to write, such as butterboard.tar.")]) -> None:
    """Write the data of the embedded store into one file, also while the bot runs; docs/setup/backup.md restores it."""
    from wiring.backup import NoBackup, back_up

    try:
        done = back_up(_settings(), out)
    except NoBackup as error:
        _err(str(error))
        raise typer.Exit(2) from error
    _out(f"{out}: {done.files} files, {done.size / 1_000_000:.1f} MB. It holds everything, also the key: keep it safe.")


@app.command("teams-package")
def teams_package(
    out: Annotated[Path, typer.Option(help="Where to write the zip.")] = Path("butterboard-teams.zip"),
    website: Annotated[str, typer.Option(help="The company's page; default PUBLIC_URL.")] = "",
    privacy: Annotated[str, typer.Option(help="What becomes of people's data; default PUBLIC_URL/privacy.")] = "",
    terms: Annotated[str, typer.Option(help="Terms of use; default PUBLIC_URL/terms.")] = "",
    version: Annotated[str, typer.Option(help="For a later upload: higher than the one before.")] = "",
) -> None:
    """Build the app package for Teams from TEAMS_APP_ID and PUBLIC_URL: an administrator uploads it."""
    from adapters.teams.package import Pages, write_package

    settings = _settings()
    own = settings.base_url
    pages = Pages(website=website or own, privacy=privacy or f"{own}/privacy", terms=terms or f"{own}/terms")
    try:
        write_package(settings.teams, settings.base_url, out, pages, version or None)
    except (ValueError, OSError) as error:
        _err(str(error))
        raise typer.Exit(2) from error
    _out(f"{out}: upload it in the Teams admin center, Manage apps")


@people.command("import")
def people_import(
    file: Annotated[Path, typer.Argument(help="YAML, or a table: CSV with commas, semicolons or tabs.")],
    sure: Annotated[bool, typer.Option("--yes", help="Also when more than a fifth of the people are missing.")] = False,
    as_json: Json = False,
) -> None:
    """Take the whole directory of people into the store: who is missing in the file has left.

    Nothing is taken from a file with an error in it, nor from one without more than a fifth of the people.
    """
    from wiring.console import import_file
    from wiring.progress import Progress

    os.nice(10)  # whoever talks to a running bot comes first
    progress = Progress(sys.stderr.write, time.monotonic, terminal=sys.stderr.isatty())
    counts = _run(lambda settings: import_file(settings, file, sure=sure, progress=progress))
    if as_json:
        _print(counts)
        return
    back = f", {counts.back} back" if counts.back else ""
    left = f", {counts.left} left: the running bot hands over what was theirs" if counts.left else ""
    _out(f"{counts.new} new, {counts.changed} changed, {counts.same} as before{back}{left}")


@people.command("remove")
def people_remove(who: Annotated[str, typer.Argument(help="An e-mail or an id.")]) -> None:
    """Somebody leaves at once: no roles, no messages, no accounts; exit 1 when there is nobody."""
    from wiring.console import remove

    found = _run(lambda settings: remove(settings, who))
    if found is None:
        _err(f"nobody is known as {who}")
        raise typer.Exit(1)
    if not found.is_active:
        _out(f"{found.id} has left before")
        return
    _out(f"{found.id} has left: no roles, no messages, no accounts. The running bot hands over what was theirs.")
    _out(
        "Take them out of the directory, too: an import, or a start with PEOPLE_FILE, that lists them brings them back."
    )


@people.command("list")
def people_list(as_json: Json = False) -> None:
    """Everybody in the store, those who have left at the end."""
    from wiring.console import everybody

    found = _run(everybody)
    if as_json:
        _print(found)
        return
    if not found:
        _out("nobody yet: app.py people import FILE")
    for person in found:
        roles = ",".join(sorted(person.roles)) or "employee"
        if person.left is not None:
            roles = f"left {person.left:%Y-%m-%d}"
        closed = f"  account closed: {', '.join(person.closed)}" if person.closed else ""
        _out(f"{person.id}  {person.email:40}  {person.name:30}  {roles}{closed}")


@people.command("show")
def people_show(
    who: Annotated[str, typer.Argument(help="A name or a part of it, an e-mail, a @handle or an id.")],
    as_json: Json = False,
) -> None:
    """One person: accounts, manager, roles, journeys; exit 1 when there is nobody, or the name may mean several."""
    from wiring.console import one
    from wiring.parts import utc_now
    from wiring.person_card import lines, several

    found = _run(lambda settings: one(settings, who))
    if isinstance(found, list):
        _err(f"{len(found)} people may be meant; use an e-mail:" if found else f"nobody is known as {who}")
        for line in several(found):
            _err(line)
        raise typer.Exit(1)
    if as_json:
        _print(found)
    else:
        for line in lines(found, utc_now().date()):
            _out(line)


@dead.command("list")
def dead_list(as_json: Json = False) -> None:
    """Dead letters and quarantine, oldest first; exit 1 when there are any."""
    from wiring.console import dead_letters

    letters = _run(dead_letters)
    if as_json:
        _print(letters)
    else:
        for letter in letters:
            _out(f"{letter.id}  {letter.at}  {letter.kind}  {letter.code}: {letter.detail}")
        _out(f"{len(letters)} dead letters" if letters else "no dead letters")
    raise typer.Exit(1 if letters else 0)


@dead.command("retry")
def dead_retry(ids: Ids) -> None:
    """Put letters back at the head of their lanes, with what waited for them, in order."""
    from wiring.console import retry

    _report(_run(lambda settings: retry(settings, ids)), "put back")


@dead.command("drop")
def dead_drop(ids: Ids) -> None:
    """Forget letters for good."""
    from wiring.console import drop

    _report(_run(lambda settings: drop(settings, ids)), "dropped")


def _report(outcome: dict[str, bool], done: str) -> None:
    if not outcome:
        _out("no dead letters")
    for letter, found in outcome.items():
        _out(f"{letter}: {done if found else 'there is no such letter'}")
    raise typer.Exit(0 if all(outcome.values()) else 1)


if __name__ == "__main__":
    app()
