"""The wiki of the company: complete, well-formed, and with links that lead somewhere."""

import re
from pathlib import Path

import pytest
from lxml import etree

from sandbox.confluence import Deployment, Page, State, company
from sandbox.confluence.storage import AC, RI, name_of, ri, tree_of

CLOSED = {"Вилки окладов", "Подбор и оценка", "Как проводить собеседование", "Решение по испытательному сроку"}
ENGLISH = re.compile(r"[A-Za-z ]+")


@pytest.fixture(scope="module")
def wiki() -> State:
    return company()


def _bodies(wiki: State) -> list[Page]:
    return list(wiki.pages.values())


def test_there_are_pages_in_three_spaces_and_both_languages(wiki: State) -> None:
    pages = _bodies(wiki)
    assert {page.space for page in pages} == {"HR", "IT", "INT"}
    assert sum(bool(ENGLISH.fullmatch(page.title)) and page.title != "VPN" for page in pages) >= 5
    assert len(pages) >= 30


def test_every_page_is_well_formed_and_has_headings(wiki: State) -> None:
    for page in _bodies(wiki):
        body = re.sub(r"&(?!amp;|lt;|gt;|quot;)\w+;", " ", page.body)
        root = etree.fromstring(f'<r xmlns:ac="{AC}" xmlns:ri="{RI}">{body}</r>')
        headings = [heading.text for heading in root.iter("h2")]
        assert len(headings) >= (1 if page.title in CLOSED else 2), page.title
        assert len(headings) == len(set(headings)), page.title


def test_every_link_leads_to_a_page_that_is_there(wiki: State) -> None:
    count = 0
    for page in _bodies(wiki):
        for target in tree_of(page.body).iter():
            if name_of(target) == "ri:page":
                count += 1
                space, title = ri(target, "space-key") or page.space, ri(target, "content-title")
                assert wiki.titled(space, title) is not None, f"{page.title} -> {title}"
    assert count >= 10


@pytest.mark.parametrize("deployment", list(Deployment))
def test_people_are_named_as_their_deployment_names_them(deployment: Deployment) -> None:
    wiki, attribute = company(deployment), "account-id" if deployment is Deployment.CLOUD else "userkey"
    named = [el for page in _bodies(wiki) for el in tree_of(page.body).iter() if name_of(el) == "ri:user"]
    assert named
    assert all(wiki.people.any_match(ri(user, attribute)) for user in named)


def test_what_is_closed_is_seen_by_hr_alone_and_one_tree_by_a_manager(wiki: State) -> None:
    hr, manager, newcomer = (wiki.people.named(name) for name in ("irina.sokolova", "manager", "newcomer"))
    pages = _bodies(wiki)
    assert {page.title for page in pages if not wiki.may_read(newcomer, page)} == CLOSED
    assert {page.title for page in pages if not wiki.may_read(manager, page)} == {"Вилки окладов"}
    assert all(wiki.may_read(hr, page) for page in pages)


def test_facts_that_stand_in_the_answers_stand_in_the_wiki_too(wiki: State) -> None:
    """Addresses and figures of the FAQ: whoever changes one there is told to change it here."""
    faq = "\n".join(file.read_text(encoding="utf-8") for file in Path("scenarios/faq").glob("*.yaml"))
    for page in _bodies(wiki):
        for address in re.findall(r'href="(https://[a-z]+\.butterboard\.example[^"]*)"', page.body):
            assert address in faq, f"{page.title}: {address}"
        for mail in re.findall(r"(?<![$\w])[\w.]+@butterboard\.(?:example|online)", page.body):
            assert mail in faq, f"{page.title}: {mail}"
