"""An issue that is not shown: deleted, or hidden from us with its whole project."""

import pytest
from msgspec.structs import replace

from bot.effects import CreateIssue, IssueDraft
from bot.errors import Refused
from sandbox.jira.site import Deployment
from tests.adapters.jira.kit import BORIS, standing

DRAFT = IssueDraft(summary="Badge for Anna", description="", type="Task")


@pytest.mark.parametrize("deployment", Deployment)
async def test_an_issue_whose_project_is_hidden_was_not_deleted(deployment: Deployment) -> None:
    async with standing(deployment) as stand, stand.tracker() as tracker:
        made = await tracker.create("effect", CreateIssue("j", "badge", DRAFT))
        stand.state.delete(made.key, BORIS.account_id)
        assert await tracker.read(made.key) is None
        site = stand.state.site
        stand.state.site = replace(site, projects=tuple(one for one in site.projects if one.key != "ONB"))
        with pytest.raises(Refused) as refused:
            await tracker.read(made.key)
        assert refused.value.code == "forbidden"
