"""A local stand-in of Microsoft Teams (Bot Framework) that speaks its protocol over HTTP on loopback.

ann = Person(name="Ann Lee", email="ann@example.com")
company = Company(people=[ann])
async with serve(company) as url:
    # the bot: TEAMS_OPENID_METADATA_URL=company.issuer.metadata_url, TEAMS_LOGIN_URL=url
    user = TeamsUser(company, ann, bot_url)
    await user.install()
    await user.say("hello")
"""

from sandbox.teams.app import make_app, serve, serve_issuer
from sandbox.teams.company import APP_ID, TENANT_ID, Call, Company, Message, Post
from sandbox.teams.directory import Person, Place, Team
from sandbox.teams.errors import TeamsError
from sandbox.teams.issuer import Issuer, SigningKey
from sandbox.teams.people import Reply, TeamsUser

__all__ = [
    "APP_ID",
    "TENANT_ID",
    "Call",
    "Company",
    "Issuer",
    "Message",
    "Person",
    "Place",
    "Post",
    "Reply",
    "SigningKey",
    "Team",
    "TeamsError",
    "TeamsUser",
    "make_app",
    "serve",
    "serve_issuer",
]
