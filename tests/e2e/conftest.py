"""A browser for the run, and for each test an app of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from tests.e2e.kit import RESULTS, App

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 15_000  # milliseconds
DESKTOP = ViewportSize(width=1280, height=860)
PHONE = ViewportSize(width=360, height=740)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed; `make e2e` installs it")
    RESULTS.mkdir(exist_ok=True)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    started = App(tmp_path)
    started.start()
    yield started
    started.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of a Russian at a desk. An error of a script, or a breach of the policy, fails the test."""
    yield from watched(browser.new_context(locale="ru-RU", viewport=DESKTOP))


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    yield from watched(browser.new_context(locale="ru-RU", viewport=PHONE, has_touch=True))


def watched(context: BrowserContext) -> Iterator[BrowserContext]:
    errors: list[str] = []

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if "Security Policy" in line.text else None)

    context.on("page", watch)
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()
    assert errors == []
