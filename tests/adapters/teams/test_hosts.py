"""A token of the bot goes to Microsoft, or where the operator says, and nowhere else."""

import pytest

from adapters.teams.hosts import Hosts
from adapters.teams.settings import TeamsSettings

REAL = TeamsSettings()
LOCAL = TeamsSettings(login_url="http://127.0.0.1:1")


@pytest.mark.parametrize(
    "url",
    [
        "https://smba.trafficmanager.net/emea/7e7e7e7e-1111-4222-8333-444455556666",
        "https://smba.infra.gcc.teams.microsoft.com/teams",
        "https://smba.infra.gov.teams.microsoft.us/teams",
        "https://api.botframework.com",
        "https://botframework.azure.us",
        "https://SMBA.trafficmanager.net",
    ],
)
def test_microsofts_own_addresses_get_the_token(url: str) -> None:
    assert Hosts(REAL, tokens=True).allow(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example.com",
        "https://evil.trafficmanager.net",
        "https://smba.trafficmanager.net.evil.example.com",
        "https://evilbotframework.com",
        "https://smba.trafficmanager.net@evil.example.com",
        "https://evil.example.com#@smba.trafficmanager.net",
        "https://evil.example.com?@smba.trafficmanager.net",
        "https://who:what@smba.trafficmanager.net",
        "https://evil.example.com\\@smba.trafficmanager.net",
        "https://evil.example.com\\.teams.microsoft.com",
        "https://evil.example.com\t.teams.microsoft.com",
        "https://smba.trafficmanager.net?to=",
        "https://smba.trafficmanager.net\n",
        "https://smba.trafficmanager.net:port",
        "http://smba.trafficmanager.net",
        "http://127.0.0.1",
        "https://127.0.0.1",
        "ftp://smba.trafficmanager.net",
        "//smba.trafficmanager.net",
        "",
    ],
)
def test_nobody_else_does(url: str) -> None:
    assert not Hosts(REAL, tokens=True).allow(url)


def test_the_operator_may_name_one_more() -> None:
    named = Hosts(TeamsSettings(service_url="https://teams.gateway.example.com/x"), tokens=True)
    assert named.allow("https://teams.gateway.example.com/y")
    assert not named.allow("https://other.gateway.example.com/x")


def test_with_a_login_on_this_machine_so_may_the_connector_be() -> None:
    assert Hosts(LOCAL, tokens=True).allow("http://127.0.0.1:2")
    assert not Hosts(LOCAL, tokens=True).allow("http://10.0.0.1:2")


@pytest.mark.parametrize("url", ["https://smba.trafficmanager.net", "https://127.0.0.1", "http://10.0.0.1"])
def test_without_tokens_nothing_leaves_this_machine(url: str) -> None:
    sandbox = Hosts(REAL, tokens=False)
    assert not sandbox.allow(url)
    assert sandbox.allow("http://localhost:2")
