"""The app package: what Microsoft's schemas say of it, what the bot understands of it, and what stays the same."""

import io
import json
import re
import struct
import uuid
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from adapters.teams.package import FOLDER, Pages, manifest, package, write_package
from adapters.teams.settings import TeamsSettings
from bot import speech
from handlers.routes import ROUTES

APP = "0b0e0b0e-1111-4222-8333-444455556666"
URL = "https://bot.company.example"
PRIVACY, TERMS = "/privacy", "/terms"
SCHEMAS = Path(__file__).with_name("schemas")
COMMAND = re.compile(r"bots\[0\]\.commandLists\[(\d+)\]\.commands\[(\d+)\]\.(title|description)")
CYRILLIC = re.compile(r"[а-яё ]+")


def opened(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def built() -> dict[str, bytes]:
    return opened(package(manifest(APP, URL)))


def in_english() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(built()["manifest.json"])
    return found


def in_russian() -> dict[str, str]:
    found: dict[str, str] = json.loads(built()["ru.json"])
    return found


def english_commands() -> dict[tuple[int, int], str]:
    lists = in_english()["bots"][0]["commandLists"]
    return {(i, j): one["title"] for i, entry in enumerate(lists) for j, one in enumerate(entry["commands"])}


def russian_commands() -> dict[tuple[int, int], str]:
    matches = ((COMMAND.fullmatch(key), text) for key, text in in_russian().items())
    return {(int(found[1]), int(found[2])): text for found, text in matches if found and found[3] == "title"}


def meant(title: str) -> str | None:
    """The verb that the bot takes a command for, sent as it stands in the list."""
    words = speech.words(speech.in_a_word(title))
    verb = ROUTES.verb(words[0])
    return verb.name if verb is not None and verb.in_free_text(words[1:]) else None


def examples() -> list[str]:
    """What descriptions show after their colon, where it is the command itself."""
    described = [
        (one["title"], one["description"])
        for entry in in_english()["bots"][0]["commandLists"]
        for one in entry["commands"]
    ]
    russian = in_russian()
    described += [
        (text, russian[key.replace(".title", ".description")])
        for key, text in russian.items()
        if key.endswith(".title")
    ]
    shown = [(title, text.partition(": ")[2]) for title, text in described]
    return [example for title, example in shown if example.startswith(f"{title} ")]


def check(name: str, given: object) -> None:
    schema = json.loads((SCHEMAS / name).read_bytes())
    assert [error.message for error in Draft4Validator(schema).iter_errors(given)] == []


def pixels(content: bytes) -> tuple[tuple[int, int], list[bytes]]:
    """The size and the pixels of a PNG with eight bits a channel, row after row."""
    width, height, depth, colours, *_, interlaced = struct.unpack(">IIBBBBB", content[16:29])
    assert (content[:8], depth, interlaced) == (b"\x89PNG\r\n\x1a\n", 8, 0)
    size = {2: 3, 6: 4}[colours]
    rows = _rows(zlib.decompress(_data(content)), width * size, size)
    assert len(rows) == height
    return (width, height), [row[at : at + size] for row in rows for at in range(0, len(row), size)]


def _data(content: bytes) -> bytes:
    found, at = b"", 8
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        if content[at + 4 : at + 8] == b"IDAT":
            found += content[at + 8 : at + 8 + length]
        at += length + 12
    return found


def _rows(data: bytes, length: int, size: int) -> list[bytes]:
    above, rows = bytes(length), []
    for at in range(0, len(data), length + 1):
        row = bytearray(data[at + 1 : at + 1 + length])
        for i in range(length):
            left, corner = (row[i - size], above[i - size]) if i >= size else (0, 0)
            row[i] = (row[i] + _predicted(data[at], left, above[i], corner)) % 256
        above = bytes(row)
        rows.append(above)
    return rows


def _predicted(kind: int, left: int, up: int, corner: int) -> int:
    nearest = min((left, up, corner), key=lambda one: abs(left + up - corner - one))
    return (0, left, up, (left + up) // 2, nearest)[kind]


def test_microsofts_schema_takes_the_manifest() -> None:
    check("teams-manifest-1.29.json", in_english())


def test_microsofts_schema_takes_the_russian_texts() -> None:
    check("teams-localization-1.29.json", in_russian())


def test_the_template_itself_is_a_manifest() -> None:
    check("teams-manifest-1.29.json", json.loads((FOLDER / "manifest.json").read_bytes()))


def test_it_is_the_bot_of_the_app_id_in_every_kind_of_conversation() -> None:
    (bot,) = in_english()["bots"]
    assert bot["botId"] == APP
    assert bot["scopes"] == ["personal", "team", "groupChat"]


def test_an_app_keeps_its_id_and_another_has_another() -> None:
    of_this = manifest(APP, URL)["id"]
    assert of_this == "4257cf5a-5d66-5823-ad0e-589bc3871b1d"
    assert manifest(APP, URL, version="2.0.0")["id"] == of_this
    assert manifest(APP, "https://elsewhere.company.example")["id"] == of_this
    assert manifest(str(uuid.UUID(int=1)), URL)["id"] != of_this
    assert of_this != APP


def test_the_same_app_is_the_same_bytes() -> None:
    assert package(manifest(APP, URL)) == package(manifest(APP, URL))
    with zipfile.ZipFile(io.BytesIO(package(manifest(APP, URL)))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_everything_that_the_manifest_names_is_in_the_zip_and_nothing_else() -> None:
    found = in_english()
    languages = [one["file"] for one in found["localizationInfo"]["additionalLanguages"]]
    assert sorted(built()) == sorted(["manifest.json", *found["icons"].values(), *languages])


def test_both_languages_say_the_same_things() -> None:
    lists = in_english()["bots"][0]["commandLists"]
    commands = {
        f"bots[0].commandLists[{i}].commands[{j}].{key}"
        for i, entry in enumerate(lists)
        for j, one in enumerate(entry["commands"])
        for key in one
    }
    texts = {f"{part}.{length}" for part in ("name", "description") for length in ("short", "full")}
    assert set(in_russian()) == {"$schema", *texts, *commands}


def test_every_command_is_understood_as_it_stands_there() -> None:
    for titles in (english_commands(), russian_commands()):
        assert [title for title in titles.values() if meant(title) is None] == []


def test_a_command_means_the_same_in_both_languages() -> None:
    english, russian = english_commands(), russian_commands()
    assert {at: meant(title) for at, title in english.items()} == {at: meant(title) for at, title in russian.items()}


def test_the_examples_of_commands_are_understood() -> None:
    assert {"done read-docs", "канал teams", "вопрос как подключить VPN?"} <= set(examples())
    assert [example for example in examples() if meant(example) is None] == []


def test_every_language_speaks_its_own_words() -> None:
    assert all(CYRILLIC.fullmatch(title) for title in russian_commands().values())
    assert all(title.isascii() for title in english_commands().values())


def test_nobody_is_offered_a_command_twice() -> None:
    for titles in (english_commands(), russian_commands()):
        for number in (0, 1):
            shown = [title for (of, _), title in titles.items() if of == number]
            assert len(shown) == len(set(shown)) <= 10


def test_what_everybody_may_read_names_no_private_answer() -> None:
    of_all = {meant(title) for (number, _), title in english_commands().items() if number == 1}
    assert of_all <= {"ask", "status", "done", "help"}


def test_the_icons_have_the_sizes_of_teams() -> None:
    assert pixels(built()["color.png"])[0] == (192, 192)
    assert pixels(built()["outline.png"])[0] == (32, 32)


def test_the_outline_is_white_on_nothing() -> None:
    _, found = pixels(built()["outline.png"])
    shown = [pixel for pixel in found if pixel[3]]
    assert 0 < len(shown) < len(found)
    assert {pixel[:3] for pixel in shown} == {b"\xff\xff\xff"}


def test_the_coloured_icon_fills_its_square_with_the_accent() -> None:
    _, found = pixels(built()["color.png"])
    assert f"#{found[0].hex()}" == in_english()["accentColor"].casefold()


def test_pages_of_the_company_stand_beside_the_app() -> None:
    company = "https://company.example"
    pages = Pages(website=company, privacy=f"{company}/privacy", terms=f"{company}/terms")
    developer = manifest(APP, URL, pages)["developer"]
    assert (developer["websiteUrl"], developer["privacyUrl"]) == (company, f"{company}/privacy")
    assert developer["termsOfUseUrl"] == f"{company}/terms"


def test_without_them_the_bots_own_pages_do() -> None:
    developer = manifest(APP, URL)["developer"]
    assert (developer["websiteUrl"], developer["privacyUrl"], developer["termsOfUseUrl"]) == (
        URL,
        f"{URL}{PRIVACY}",
        f"{URL}{TERMS}",
    )


def test_links_to_the_bot_may_be_opened() -> None:
    assert manifest(APP, f"{URL}/onboarding")["validDomains"] == ["bot.company.example"]
    assert manifest(APP, f"{URL}:8443")["validDomains"] == ["bot.company.example:8443"]


@pytest.mark.parametrize(
    "url",
    [
        "http://bot.company.example",
        "http://127.0.0.1:8080",
        "https://",
        "bot.company.example",
        "https://[::1",
        "https://bot.company.example:door",
        "https://bot company.example",
        "https://бот.рф",
        "https://me@bot.company.example",
    ],
)
def test_only_https_addresses_are_taken(url: str) -> None:
    with pytest.raises(ValueError, match=r"https://.* set PUBLIC_URL"):
        manifest(APP, url)
    with pytest.raises(ValueError, match="https://"):
        manifest(APP, URL, Pages(website=URL, privacy=url, terms=URL))


def test_a_later_upload_has_a_version_of_its_own() -> None:
    assert manifest(APP, URL)["version"] == "1.0.0"
    assert manifest(APP, URL, version="1.0.1")["version"] == "1.0.1"


@pytest.mark.parametrize("version", ["1.0", "v1.0.1", "1.0.1-beta", "next"])
def test_a_version_is_three_numbers(version: str) -> None:
    with pytest.raises(ValueError, match="three numbers"):
        manifest(APP, URL, version=version)


def test_without_an_app_id_there_is_no_package(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="TEAMS_APP_ID"):
        write_package(TeamsSettings(), URL, tmp_path / "app.zip")
    assert not (tmp_path / "app.zip").exists()
