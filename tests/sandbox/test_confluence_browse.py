"""The wiki in a browser: addresses, the places that links lead to, and bodies of strangers."""

from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest
from lxml import html
from lxml.html import HtmlElement

from sandbox.confluence import Deployment, Readers
from tests.sandbox.confluence_kit import ANNA, Stand, standing


@pytest.fixture(params=list(Deployment))
async def stand(request: pytest.FixtureRequest) -> AsyncIterator[Stand]:
    async with standing(request.param) as ready:
        yield ready


@pytest.fixture
async def cloud() -> AsyncIterator[Stand]:
    async with standing() as ready:
        yield ready


async def _shown(stand: Stand, path: str, status: int = 200) -> HtmlElement:
    async with stand.http.get(path, headers={"Authorization": ""}) as answer:
        assert answer.status == status
        return html.fromstring(await answer.text())


async def _page(stand: Stand, body: str, title: str = "Отпуск") -> HtmlElement:
    page = stand.put(title, body)
    return await _shown(stand, f"/wiki/spaces/HR/pages/{page.id}")


async def test_the_address_that_the_api_names_opens_the_page(stand: Stand) -> None:
    for title in ("Отпуск", "VPN guide", "50% & более? #1 / +"):
        page = stand.put(title, "<h2>Сколько дней</h2>")
        shown = await stand.get(f"{stand.api}/content/{page.id}")
        for link in ("webui", "tinyui"):
            document = await _shown(stand, stand.site.removeprefix(stand.url) + shown["_links"][link])
            assert document.findtext(".//h1") == title


async def test_addresses_have_the_form_of_their_deployment(stand: Stand) -> None:
    plain, russian = stand.put("VPN guide"), stand.put("Отпуск")
    links = [(await stand.get(f"{stand.api}/content/{page.id}"))["_links"]["webui"] for page in (plain, russian)]
    if stand.state.is_cloud:
        expected = [f"/spaces/HR/pages/{plain.id}/VPN+guide", f"/spaces/HR/pages/{russian.id}/{quote('Отпуск')}"]
    else:
        expected = ["/display/HR/VPN+guide", f"/pages/viewpage.action?pageId={russian.id}"]
    assert links == expected


async def test_headings_have_the_names_that_confluence_gives_them(stand: Stand) -> None:
    body = "<h1>Сколько  дней</h1><h2>Как <em>подать</em>&nbsp;заявление?</h2><h3>Сколько дней</h3>"
    page = stand.put("Мой отпуск", body)
    document = await _shown(stand, f"{'/wiki' if stand.state.is_cloud else ''}/x/{int(page.id):x}")
    names = [heading.get("id") for heading in document.xpath("//article/*")]
    if stand.state.is_cloud:
        assert names == ["Сколько-дней", "Как-подать-заявление?", "Сколько-дней.1"]
    else:
        assert names == ["Мойотпуск-Сколькодней", "Мойотпуск-Какподатьзаявление?", "Мойотпуск-Сколькодней.1"]


async def test_macros_links_images_and_tasks_are_shown(cloud: Stand) -> None:
    other = cloud.put("Командировки", space="IT")
    body = f"""
      <ac:structured-macro ac:name="toc" /><h2>Порядок</h2>
      <ac:structured-macro ac:name="info"><ac:parameter ac:name="title">Важно</ac:parameter>
        <ac:rich-text-body><p>До&nbsp;отпуска &mdash; неделя</p></ac:rich-text-body></ac:structured-macro>
      <ac:structured-macro ac:name="code">
        <ac:plain-text-body><![CDATA[if a < b && c: print("&nbsp;")]]></ac:plain-text-body>
      </ac:structured-macro>
      <ac:structured-macro ac:name="expand"><ac:parameter ac:name="title">Ещё</ac:parameter>
        <ac:rich-text-body><p>внутри</p></ac:rich-text-body></ac:structured-macro>
      <p><ac:structured-macro ac:name="status"><ac:parameter ac:name="title">ГОТОВО</ac:parameter>
        <ac:parameter ac:name="colour">Green</ac:parameter></ac:structured-macro>
      <ac:structured-macro ac:name="jira"><ac:parameter ac:name="key">ONB-1</ac:parameter></ac:structured-macro>
      <ac:link ac:anchor="Суточные"><ri:page ri:space-key="IT" ri:content-title="Командировки" />
        <ac:plain-text-link-body><![CDATA[суточные <1>]]></ac:plain-text-link-body></ac:link>
      <ac:link><ri:user ri:account-id="{ANNA.account}" /></ac:link>
      <ac:link><ri:page ri:content-title="Нет такой" /></ac:link>
      <ac:image><ri:attachment ri:filename="план.png" /></ac:image></p>
      <ac:task-list><ac:task><ac:task-status>complete</ac:task-status><ac:task-body>Паспорт</ac:task-body></ac:task>
      </ac:task-list>"""
    document = await _page(cloud, body)
    text = " ".join(document.find(".//article").text_content().split())
    for expected in ("Важно", "До отпуска — неделя", 'if a < b && c: print("&nbsp;")', "внутри", "ГОТОВО", "ONB-1"):
        assert expected in text
    for expected in ("суточные <1>", "@Анна Петрова", "Нет такой", "план.png", "☑ Паспорт"):
        assert expected in text
    hrefs = [link.get("href") for link in document.xpath("//article//a")]
    assert f"#{quote('Порядок')}" in hrefs
    assert f"/wiki/spaces/IT/pages/{other.id}/{quote('Командировки')}#{quote('Суточные')}" in hrefs


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        '<p onclick="alert(1)" style="position:fixed">x</p>',
        '<a href="javascript:alert(1)">x</a>',
        '<a href=" JaVaScRiPt:alert(1)">x</a>',
        '<a href="data:text/html,alert(1)">x</a>',
        '<a href="http://[half">x</a>',
        '<iframe src="https://strange.example"></iframe><img src="x" onerror="alert(1)" />',
        '<ac:image><ri:url ri:value="https://strange.example/pixel.png" /></ac:image>',
        '<ac:structured-macro ac:name="html"><ac:plain-text-body><![CDATA[<script>alert(1)</script>]]>'
        "</ac:plain-text-body></ac:structured-macro>",
        '<ac:structured-macro ac:name="status"><ac:parameter ac:name="colour">x" onclick="alert(1)</ac:parameter>'
        "</ac:structured-macro>",
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><p>&e;</p>',
        "<p>unclosed <b>and <i>crossed</b> & < > \x00 &#xFFFF;",
        "<p>" + "<b>" * 3000 + "deep" + "</b>" * 3000 + "</p>",
        "",
    ],
)
async def test_a_body_of_a_stranger_runs_nothing_and_fetches_nothing(cloud: Stand, body: str) -> None:
    document = await _page(cloud, body, '</title><script>alert("title")</script>')
    assert not document.xpath("//script | //iframe | //img | //object | //@onclick | //@onerror | //article//@style")
    for address in document.xpath("//@href"):
        assert address.startswith(("/", "#", "http"))
    assert "root:" not in document.text_content()


async def test_the_browser_is_told_to_run_nothing(cloud: Stand) -> None:
    page = cloud.put("Отпуск")
    async with cloud.http.get(f"/wiki/spaces/HR/pages/{page.id}") as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


async def test_what_is_not_open_to_everybody_or_is_gone_is_not_shown(cloud: Stand) -> None:
    closed = cloud.put("Оклады", "<p>тайна</p>", readers=Readers(groups=("staff",)))
    below, gone = cloud.put("Ведомость", parent=closed.id), cloud.put("Старое")
    cloud.state.trash(gone.id)
    for page, status in ((closed, 403), (below, 403), (gone, 404)):
        document = await _shown(cloud, f"/wiki/spaces/HR/pages/{page.id}", status)
        assert page.title not in document.text_content()
    assert "Оклады" not in (await _shown(cloud, "/wiki/spaces/HR")).text_content()
    await _shown(cloud, "/wiki/spaces/HR/pages/1/x", 404)
    await _shown(cloud, "/wiki/spaces/NOWHERE", 404)


async def test_from_the_front_one_gets_to_a_page_and_back(stand: Stand) -> None:
    top = stand.put("Главная")
    stand.put("Отпуск", parent=top.id, labels=("кадры",))
    path = "/"
    for name in ("Люди", "Отпуск", "Главная", "Отпуск"):
        document = await _shown(stand, path)
        path = next(link.get("href") for link in document.xpath("//a") if link.text == name)
    assert "кадры" in (await _shown(stand, path)).text_content()
