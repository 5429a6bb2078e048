"""`check` asks Microsoft whether the bot could believe and speak."""

from pydantic import SecretStr

from adapters.teams.check import check
from adapters.teams.settings import TeamsSettings
from bot.flaw import Flaw
from sandbox.faults import Kind, Rule
from tests.adapters.teams.door_kit import teams


async def test_nothing_is_found_when_all_is_well() -> None:
    async with teams() as made:
        assert await check(made.settings) == []


async def test_a_channel_that_is_off_is_not_asked_about() -> None:
    assert await check(TeamsSettings(_env_file=None)) == []


async def test_a_secret_that_is_refused_is_named() -> None:
    async with teams() as made:
        (found,) = await check(made.settings.model_copy(update={"app_password": SecretStr("old")}))
    assert (found.code, found.detail["variable"]) == ("teams-unauthorized", "TEAMS_APP_PASSWORD")
    assert "old" not in str(found)


async def test_a_login_that_fails_is_named() -> None:
    async with teams() as made:
        made.faults.add(Rule(kind=Kind.ERROR, match="token"))
        (found,) = await check(made.settings)
    assert (found.code, found.detail["variable"]) == ("teams-unreachable", "TEAMS_LOGIN_URL")


async def test_keys_that_cannot_be_had_are_named() -> None:
    async with teams() as made:
        made.faults.add(Rule(kind=Kind.ERROR, match=".well-known/openidconfiguration"))
        (found,) = await check(made.settings)
    assert (found.code, found.detail["variable"]) == ("teams-keys-unreachable", "TEAMS_OPENID_METADATA_URL")


async def test_keys_that_do_not_speak_for_teams_are_those_of_somebody_else() -> None:
    async with teams() as made:
        made.issuer.keys.clear()
        made.issuer.new_key(("webchat",))
        assert await check(made.settings) == [Flaw("teams-keys-of-another", {"variable": "TEAMS_OPENID_METADATA_URL"})]
