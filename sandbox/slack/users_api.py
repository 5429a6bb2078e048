"""auth.test and users.*"""

from sandbox.slack.context import Context, page
from sandbox.slack.directory import Person, user_object
from sandbox.slack.errors import Json, SlackError


def auth_test(context: Context) -> Json:
    workspace = context.workspace
    return {
        "url": f"https://{workspace.team_domain}.slack.com/",
        "team": workspace.team_domain,
        "user": workspace.people[workspace.bot_user].name,
        "team_id": workspace.team_id,
        "user_id": workspace.bot_user,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


def _shown(context: Context, person: Person) -> Json:
    workspace = context.workspace
    return user_object(
        person,
        workspace.team_id,
        workspace.now(),
        email="users:read.email" in workspace.scopes,
        locale=context.arguments.flag("include_locale"),
    )


def users_info(context: Context) -> Json:
    return {"user": _shown(context, context.workspace.person(context.arguments.required("user")))}


def users_lookup_by_email(context: Context) -> Json:
    """Deactivated people are not found, as in Slack."""
    wanted = context.arguments.required("email").lower()
    for person in context.workspace.people.values():
        if (person.email or "").lower() == wanted and not person.deleted:
            return {"user": _shown(context, person)}
    raise SlackError("users_not_found")


def users_list(context: Context) -> Json:
    people = context.workspace.people
    limit = context.arguments.number("limit", default=1000, most=1000)
    found, metadata = page([{"id": one} for one in people], "id", limit, context.arguments.get("cursor"))
    shown = [_shown(context, people[one["id"]]) for one in found]
    return {"members": shown, "cache_ts": int(context.workspace.now()), "response_metadata": metadata}
