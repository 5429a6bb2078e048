"""What the log says of a failed attempt."""

import logging

import pytest
import requests
from jira.exceptions import JIRAError
from slack_sdk.errors import SlackApiError

from adapters.confluence.errors import delivery_error as confluence_error
from adapters.jira.errors import delivery_error as jira_error
from adapters.slack.errors import translated
from adapters.teams.errors import Answer, answer_error
from bot.errors import DeliveryError, Refused, Retry, Unknown
from bot.failures import described
from tests.bot.kit import ANNA
from tests.bot.office import Office
from tests.bot.platform import Trouble


def raised(error: Exception, cause: Exception) -> BaseException:
    try:
        raise error from cause
    except Exception as caught:
        return caught


def of_slack(status: int, answer: object) -> BaseException:
    response = type("Response", (), {"data": answer, "status_code": status, "headers": {}})()
    with pytest.raises(DeliveryError) as caught, translated(writes=False):
        raise SlackApiError("what Slack has said", response)  # type: ignore[no-untyped-call]
    return caught.value


def of_http(status: int) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    return response


def test_slack_is_named_with_its_code_and_status() -> None:
    assert described(of_slack(200, {"ok": False, "error": "channel_not_found"})) == {
        "error": "Refused",
        "code": "channel_not_found",
        "status": 200,
    }
    assert described(of_slack(502, "<html>")) == {"error": "Retry", "status": 502}


def test_what_an_adapter_makes_of_an_error_keeps_what_the_platform_said() -> None:
    refused = raised(Refused("person-unreachable", "?"), Refused("x", "x").answered(200, "user_disabled"))
    assert described(refused) == {"error": "Refused", "code": "user_disabled", "status": 200}


def test_an_error_that_was_raised_from_itself_is_described_too() -> None:
    refused = Refused("blocked", "?").answered(403, "MessageWritesBlocked")
    assert described(raised(refused, refused)) == {"error": "Refused", "code": "MessageWritesBlocked", "status": 403}


def test_teams_jira_and_confluence_are_named_with_their_status() -> None:
    teams = answer_error(Answer(403, b'{"error": {"code": "MessageWritesBlocked"}}'), repeatable=False)
    assert described(teams) == {"error": "Refused", "code": "MessageWritesBlocked", "status": 403}
    assert described(jira_error(JIRAError("Anna is not here", 503), write=False)) == {"error": "Retry", "status": 503}
    wiki = confluence_error(requests.HTTPError("Anna", response=of_http(404)))
    assert described(wiki) == {"error": "Refused", "code": "not-found", "status": 404}


def test_without_an_answer_the_error_below_is_named() -> None:
    lost = raised(Retry("detail"), requests.ReadTimeout("https://jira.example/anna"))
    assert described(lost) == {"error": "Retry", "code": "ReadTimeout"}


@pytest.mark.parametrize("said", ["Anna said no", "anna@example.com", "x" * 65, "", 5, None, "1\n2"])
def test_what_is_no_code_is_not_written_down(said: object) -> None:
    assert described(Unknown("Anna said no").answered(500, said)) == {"error": "Unknown", "status": 500}


async def test_a_failed_attempt_stands_in_the_log_with_code_and_status(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.chat.meets(Trouble(Retry("Anna").answered(503, "service_unavailable")))
    with caplog.at_level(logging.WARNING, "bot"):
        await office.writes(ANNA, "help")
    (line,) = [record for record in caplog.records if record.getMessage() == "attempt failed"]
    assert (vars(line)["error"], vars(line)["code"], vars(line)["status"]) == ("Retry", "service_unavailable", 503)
