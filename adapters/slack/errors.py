"""The one map from what goes wrong with Slack to the four delivery errors of the core."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import aiohttp
import slack_sdk.errors as sdk

from bot.errors import DeliveryError, Refused, Retry, Unauthorized, Unknown

# Slack's own words (the `error` of an answer). Any other word is final: it says why the request is refused.
LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
BUSY = frozenset({"team_added_to_org", "accesslimited", "migration_in_progress"})
BROKEN = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
UNAUTHORIZED = frozenset(
    {
        "access_denied",
        "account_inactive",
        "app_missing_action_url",
        "deprecated_endpoint",
        "ekm_access_denied",
        "enterprise_is_restricted",
        "insecure_request",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    }
)

# Everything that a call of slack_sdk can raise. AttributeError and UnicodeError: it meets an answer that is no object,
# or no text. OSError has the plain ConnectionError and TimeoutError below it.
FAILURES = (sdk.SlackClientError, aiohttp.ClientError, OSError, AttributeError, UnicodeError)

# Nothing has been sent when these are raised.
UNSENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, ConnectionRefusedError)

SDK_ERRORS: dict[type[sdk.SlackClientError], Callable[[], DeliveryError]] = {
    sdk.SlackClientError: lambda: Unknown("slack_sdk failed"),
    sdk.BotUserAccessError: lambda: Unauthorized("the method takes no bot token"),
    sdk.SlackRequestError: lambda: Refused("invalid_request", "slack_sdk would not send the request"),
    sdk.SlackTokenRotationError: lambda: Unauthorized("the token could not be rotated"),
    sdk.SlackClientNotConnectedError: lambda: Retry("not connected"),
    sdk.SlackObjectFormationError: lambda: Refused("invalid_blocks", "slack_sdk would not build the blocks"),
    sdk.SlackClientConfigurationError: lambda: Unauthorized("slack_sdk is configured wrongly"),
}


@contextmanager
def translated(*, writes: bool) -> Iterator[None]:
    """Whatever a call of slack_sdk raises becomes a DeliveryError.

    `writes`: the call changes something, so one whose answer was lost may have happened.
    """
    try:
        yield
    except FAILURES as error:
        raise delivery_error(error, writes=writes) from error


def delivery_error(error: Exception, *, writes: bool) -> DeliveryError:
    match error:
        case sdk.SlackApiError():
            found = _of_answer(error)
        case sdk.SlackClientError():
            found = next(SDK_ERRORS[kind] for kind in type(error).__mro__ if kind in SDK_ERRORS)()
        case aiohttp.InvalidURL():
            found = Unauthorized("SLACK_API_URL is no address")
        case _:
            name = type(error).__name__
            found = Retry(name) if isinstance(error, UNSENT) else Unknown(name)
    if isinstance(found, Unknown) and not writes:
        return Retry(found.detail).answered(found.status, found.reason)
    return found


def _of_answer(error: sdk.SlackApiError) -> DeliveryError:
    """What Slack, or something in front of it, has answered."""
    data = getattr(error.response, "data", error.response)
    code = data.get("error") if isinstance(data, dict) else None
    return _meaning(error, data, code).answered(_status(error), code)


def _meaning(error: sdk.SlackApiError, data: object, code: object) -> DeliveryError:
    status = _status(error)
    if status == 429 or code in LIMITED:
        return Retry("429", _retry_after(error), everywhere=True)
    if status >= 500 or code in BROKEN:
        return Unknown(f"{status} {code or 'without a reason'}")
    if not isinstance(code, str):
        # A proxy's refusal did not reach Slack; a 200 that cannot be read may have.
        return Unknown("unreadable answer") if status < 400 else Retry(f"{status} without a reason")
    if code in BUSY:
        return Retry(code)
    if code in UNAUTHORIZED:
        needed = data.get("needed") if isinstance(data, dict) else None
        return Unauthorized(f"{code} {needed}" if isinstance(needed, str) else code)
    return Refused(code, code)


def _status(error: sdk.SlackApiError) -> int:
    """Of the SDK's response, or of aiohttp's when the body could not be read."""
    response = error.response
    status = getattr(response, "status_code", None) or getattr(response, "status", None)
    return status if isinstance(status, int) else 200


def _retry_after(error: sdk.SlackApiError) -> float | None:
    value = (getattr(error.response, "headers", None) or {}).get("Retry-After", "")
    return float(value) if value.isascii() and value.isdigit() else None
