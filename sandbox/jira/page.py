"""The page for people: the issues, one issue, a button for every step of the workflow, and small forms.

It is rendered here; a small script fetches it again when something has changed. Without the script it works too.
"""

from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from sandbox.jira.html import Html, element, join, void
from sandbox.jira.issue import Comment, Issue
from sandbox.jira.page_forms import Forms, changes
from sandbox.jira.people import ADMIN
from sandbox.jira.site import Named, named
from sandbox.jira.state import IllegalMoveError, State, UnknownIssueError
from sandbox.jira.texts import Texts
from sandbox.jira.wiki import read
from sandbox.jira.wire import STATE

_ASSETS = Path(__file__).parent / "assets"
_ON_BOARD = 200  # a browser is slow with thousands of rows, and nobody reads them
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class _Page:
    """Renders for one reader: in a language, from a state."""

    def __init__(self, state: State, texts: Texts) -> None:
        self._state = state
        self._texts = texts
        self._forms = Forms(state, texts)

    def whole(self, title: str, *content: Html, notice: str = "") -> str:
        texts = self._texts
        head = element(
            "head",
            void("meta", charset="utf-8"),
            void("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("title", f"{title} - Jira"),
            void("link", rel="icon", href="data:,"),
            void("link", rel="stylesheet", href="/assets/page.css"),
            element("script", src="/assets/page.js", defer=""),
        )
        main = element("main", *content, data_revision=str(self._state.revision))
        body = element("body", self._top(), self._notices(notice), main, data_offline=texts["offline"])
        return "<!doctype html>" + element("html", head, body, lang=texts.language).markup

    def _top(self) -> Html:
        texts = self._texts
        home = element("a", "Jira", href=f"/{texts.query()}", class_="home")
        other = element("a", texts["other"], href=f"?lang={texts.other}", lang=texts.other)
        return element("header", home, element("p", texts["about"]), other)

    @staticmethod
    def _notices(notice: str) -> Html:
        shown = element("p", notice, class_="notice", role="status") if notice else join()
        return join(shown, element("p", id="offline", class_="notice", role="status", hidden=""))

    def board(self) -> str:
        texts, issues = self._texts, sorted(self._state.issues(), key=lambda i: int(i.id), reverse=True)
        title = element("h1", texts["title"])
        if not issues:
            return self.whole(texts["title"], title, element("p", texts["nothing"], class_="empty"))
        names = ("key", "summary", "status", "assignee", "due", "priority", "labels", "move")
        head = element("tr", *(element("th", texts[name], scope="col") for name in names))
        rows = element("tbody", *(self._row(issue) for issue in issues[:_ON_BOARD]))
        table = element("table", element("thead", head), rows)
        more = f" ({texts['newest']}: {_ON_BOARD})" if len(issues) > _ON_BOARD else ""
        total = element("p", f"{texts['total']}: {len(issues)}{more}", class_="total")
        return self.whole(texts["title"], title, total, table)

    def _row(self, issue: Issue) -> Html:
        address = f"/browse/{issue.key}{self._texts.query()}"
        cells = {
            "key": element("a", issue.key, href=address),
            "summary": element("a", issue.summary, href=address),
            **self._facts(issue),
            "move": self._moves(issue, "/"),
        }
        return element("tr", *(self._cell(name, content) for name, content in cells.items()))

    def _cell(self, name: str, content: Html) -> Html:
        return element("td", element("div", content), class_=name, data_label=self._texts[name])

    def _facts(self, issue: Issue) -> dict[str, Html]:
        texts, site = self._texts, self._state.site
        return {
            "status": self._status(issue),
            "assignee": join(self._name(issue.assignee) or texts["nobody"]),
            "due": join(texts.day(issue.duedate) if issue.duedate else texts["no_date"]),
            "priority": join(_called(named(site.priorities, issue.priority))),
            "labels": self._labels(issue),
        }

    def _name(self, name: str | None) -> str:
        return self._state.people.named(name).display_name if name else ""

    def _labels(self, issue: Issue) -> Html:
        if not issue.labels:
            return join(self._texts["none"])
        return join(*(element("span", label, class_="label") for label in issue.labels))

    def _status(self, issue: Issue) -> Html:
        status = named(self._state.site.statuses, issue.status)
        category = status.category.key if status else "new"
        return element("span", _called(status), class_=f"lozenge {category}")

    def _moves(self, issue: Issue, back: str) -> Html:
        """One form with a button a step; `back` is where the reader returns to."""
        buttons = (
            element("button", step.name, name="transition", value=step.id, id=f"move-{issue.key}-{step.id}")
            for step in self._state.transitions_of(issue)
        )
        kept = void("input", type="hidden", name="back", value=f"{back}{self._texts.query()}")
        address = f"/browse/{issue.key}/move{self._texts.query()}"
        return element("form", kept, *buttons, method="post", action=address)

    def one(self, issue: Issue, *, is_stale: bool = False) -> str:
        texts = self._texts
        facts = {
            **self._facts(issue),
            "reporter": join(self._name(issue.reporter)),
            "updated": join(texts.minute(issue.updated)),
            **self._parent(issue),
        }
        rows = (element("div", element("dt", texts[name]), element("dd", it)) for name, it in facts.items())
        return self.whole(
            f"{issue.key} {issue.summary}",
            element("p", element("a", texts["all"], href=f"/{texts.query()}")),
            element("h1", element("span", issue.key, class_="key"), " ", issue.summary),
            self._moves(issue, f"/browse/{issue.key}"),
            element("dl", *rows),
            element("h2", texts["description"]),
            element("p", read(issue.description or "") or texts["no_description"], class_="text"),
            self._links(issue),
            element("h2", texts["change"]),
            self._forms.edit(issue),
            self._comments(issue),
            self._forms.comment(issue),
            self._forms.delete(issue),
            notice=texts["stale"] if is_stale else "",
        )

    def _parent(self, issue: Issue) -> dict[str, Html]:
        if issue.parent is None:
            return {}
        return {"parent": element("a", issue.parent, href=f"/browse/{issue.parent}{self._texts.query()}")}

    def _links(self, issue: Issue) -> Html:
        """The pages elsewhere that the issue is linked to; an address that is none of the web is not led to."""
        pages = [(str(link.object["url"]), str(link.object["title"])) for link in issue.remote_links]
        safe = [(url, title) for url, title in pages if url.startswith(("http://", "https://"))]
        if not safe:
            return join()
        rows = (element("li", element("a", title, href=url, rel="noreferrer")) for url, title in safe)
        return join(element("h2", self._texts["links"]), element("ul", *rows))

    def _comments(self, issue: Issue) -> Html:
        return join(element("h2", self._texts["comments"]), *(self._comment(comment) for comment in issue.comments))

    def _comment(self, comment: Comment) -> Html:
        by = f"{self._name(comment.author)}, {self._texts.minute(comment.created)}"
        return element("article", element("p", by, class_="by"), element("p", read(comment.body), class_="text"))

    def missing(self) -> str:
        texts = self._texts
        back = element("p", element("a", texts["all"], href=f"/{texts.query()}"))
        said = element("p", texts["missing_more"], class_="empty")
        return self.whole(texts["missing"], element("h1", texts["missing"]), said, back)


def _called(thing: Named | None) -> str:
    return thing.name if thing else "?"


def _page(request: web.Request) -> _Page:
    return _Page(request.app[STATE], Texts(request.query.get("lang", "")))


def _answer(text: str, status: int = 200) -> web.Response:
    headers = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff"}
    return web.Response(text=text, status=status, content_type="text/html", headers=headers)


async def board(request: web.Request) -> web.Response:
    return _answer(_page(request).board())


async def one(request: web.Request) -> web.Response:
    issue = request.app[STATE].find(request.match_info["issue"])
    page = _page(request)
    if issue is None:
        return _answer(page.missing(), 404)
    return _answer(page.one(issue, is_stale="stale" in request.query))


def _way_back(asked: object) -> str:
    """An address on this page, never one elsewhere."""
    here = isinstance(asked, str) and asked.startswith("/") and not asked.startswith(("//", "/\\"))
    return str(asked) if here else "/"


async def move(request: web.Request) -> web.Response:
    """Moves an issue as the administrator, so that listeners can tell a person's move from the bot's.

    It always leads on to a page that can be fetched again: the script does so.
    """
    form, key = await request.post(), request.match_info["issue"]
    try:
        request.app[STATE].move(key, str(form.get("transition")), ADMIN.name)
    except UnknownIssueError:
        raise web.HTTPSeeOther(f"/browse/{quote(key)}") from None
    except IllegalMoveError:
        raise web.HTTPSeeOther(f"/browse/{quote(key)}?{_still(request)}stale=1") from None
    raise web.HTTPSeeOther(_way_back(form.get("back")))


def _leads_to(request: web.Request, path: str) -> web.HTTPSeeOther:
    """Where a form leads on to, in the reader's language."""
    return web.HTTPSeeOther(path + Texts(request.query.get("lang", "")).query())


def _known(request: web.Request) -> Issue:
    """The issue that a form is for; one that is gone leads to the page that says so."""
    key = request.match_info["issue"]
    issue = request.app[STATE].find(key)
    if issue is None:
        raise _leads_to(request, f"/browse/{quote(key)}")
    return issue


async def edit(request: web.Request) -> web.Response:
    form, issue, state = await request.post(), _known(request), request.app[STATE]
    state.edit(issue.key, changes(form, state), ADMIN.name)
    raise _leads_to(request, f"/browse/{issue.key}")


async def comment(request: web.Request) -> web.Response:
    form, issue = await request.post(), _known(request)
    text = str(form.get("body", "")).replace("\r\n", "\n").strip()
    if text:
        request.app[STATE].add_comment(issue.key, text, ADMIN.name)
    raise _leads_to(request, f"/browse/{issue.key}")


async def delete(request: web.Request) -> web.Response:
    request.app[STATE].delete(_known(request).key, ADMIN.name)
    raise _leads_to(request, "/")


def _still(request: web.Request) -> str:
    """Keeps the reader's language, when it is not the first one, in an address that asks for more."""
    query = Texts(request.query.get("lang", "")).query()
    return query.removeprefix("?") + "&" if query else ""


async def revision(request: web.Request) -> web.Response:
    """What the script asks every few seconds: it fetches the page when this number is new."""
    return web.json_response({"revision": str(request.app[STATE].revision)})


def routes() -> list[web.AbstractRouteDef]:
    return [
        web.get("/", board),
        web.get("/revision", revision),
        web.get("/browse/{issue}", one),
        web.post("/browse/{issue}/move", move),
        web.post("/browse/{issue}/edit", edit),
        web.post("/browse/{issue}/comment", comment),
        web.post("/browse/{issue}/delete", delete),
        web.static("/assets", _ASSETS),
    ]
