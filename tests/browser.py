"""Chromium, driven by Playwright: a page as a reader has it, and all that the browser has to say about it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from playwright.sync_api import Browser, Request, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_A_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
NOBODY = "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


def chromium() -> str:
    """The path of a Chromium that is installed; without one no test of the site passes."""
    found = [path for path in map(shutil.which, (*NAMES, ON_A_MAC)) if path]
    if not found:
        pytest.fail(f"there is no Chromium; expected one of {', '.join(NAMES)}, as `apt-get install chromium` has it")
    return found[0]


@contextmanager
def launched() -> Iterator[Browser]:
    """With its sandbox, except for root, whom Chromium gives none; it finds no host but this machine."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), chromium_sandbox=os.getuid() != 0, args=[f"--host-resolver-rules={NOBODY}"]
        )
        yield browser
        browser.close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def served(directory: Path) -> Iterator[str]:
    """The address under which a server on this machine has the files of a directory."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(directory)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


LOOK = """async () => {
  const frames = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const report = document.querySelector('[data-report=embedded]'), end = Date.now() + 60000;
  while (report && !report.dataset.state && Date.now() < end) await new Promise(done => setTimeout(done, 20));
  await new Promise(done => requestIdleCallback(done, {timeout: 2000}));
  await frames();
  const root = document.documentElement, width = root.clientWidth;
  const scrolls = each => each && each !== root && (
    (each !== document.body && getComputedStyle(each).overflowX !== 'visible') || scrolls(each.parentElement));
  const sticksOut = each => each.getBoundingClientRect().right > width + 0.5 && !scrolls(each.parentElement);
  const all = (selector, read) => [...document.querySelectorAll(selector)].map(read);
  return {
    title: document.title,
    headings: all('h1', each => each.textContent.trim()),
    ids: all('[id]', each => each.id),
    links: all('a[href]', each => each.getAttribute('href')),
    wide: root.scrollWidth <= width ? [] : [`${root.scrollWidth} of ${width} pixels`, ...[...document.body
      .querySelectorAll('*')].filter(sticksOut).slice(0, 3).map(each => each.outerHTML.slice(0, 120))],
    shifts: window.shifts,
    verdict: report?.dataset.state ?? '',
  };
}"""

SHIFTS = """
  window.shifts = [];
  new PerformanceObserver(list => list.getEntries().filter(each => each.value >= 0.001).forEach(each =>
    window.shifts.push(`${each.value}: ${each.sources.map(source => source.node?.nodeName ?? 'gone').join(' ')}`)
  )).observe({type: 'layout-shift', buffered: true});
"""
"""Every move of what was already drawn, and of what. Less than a thousandth is a line that moves by a pixel when the
rest of a long page arrives, on a machine that is busy; a tenth is where Chromium calls a page unsteady."""


@dataclass
class Seen:
    """A page that was opened: ``complaints`` are errors and warnings, its own and of what it loads; ``outside`` is what
    it asked for elsewhere, ``verdict`` what a counterexample's page says of its own."""

    complaints: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    title: str = ""
    headings: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    wide: list[str] = field(default_factory=list)
    shifts: list[str] = field(default_factory=list)
    verdict: str = ""


class Reader:
    """A page of a browser that notes all that goes wrong with it, and what it asks for elsewhere."""

    def __init__(self, browser: Browser, **settings: object) -> None:
        self.context = browser.new_context(**{"viewport": PHONE, **settings})
        self.page = self.context.new_page()
        self.seen = Seen()
        self.page.on("console", lambda said: self._note(said.type in ("error", "warning"), f"{said.type}: {said.text}"))
        self.page.on("pageerror", lambda error: self._note(True, f"uncaught: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", lambda answer: self._note(answer.status >= 400, f"{answer.status}: {answer.url}"))
        self.page.on("request", self._asked)
        self.page.add_init_script(SHIFTS)

    def _note(self, wrong: bool, words: str) -> None:
        if wrong:
            self.seen.complaints.append(words)

    def _failed(self, request: Request) -> None:
        """But for a worker that is not there yet when its page is left."""
        left = request.url.startswith("blob:") and request.failure == "net::ERR_ABORTED"
        self._note(not left, f"not loaded: {request.url}: {request.failure}")

    def _asked(self, request: Request) -> None:
        if not re.match(r"(file|data|blob|about):|http://127\.0\.0\.1:", request.url):
            self.seen.outside.append(request.url)

    def look(self, address: str) -> Seen:
        """Open a page and wait until it is drawn: all that is to be said about it."""
        self.seen = Seen()
        self.page.goto(address)
        for name, value in self.page.evaluate(LOOK).items():
            setattr(self.seen, name, value)
        return self.seen


def crawl(reader: Reader, home: str) -> dict[str, Seen]:
    """Every page that links lead to from the home page, by its address below it."""
    found: dict[str, Seen] = {}
    waiting = ["index.html"]
    while waiting:
        name = waiting.pop()
        found[name] = reader.look(urljoin(home, name))
        near = {target for target, _ in targets(name, found[name].links)}
        waiting += sorted(target for target in near - {*found, *waiting} if target.endswith(".html"))
    return found


def targets(name: str, links: list[str]) -> list[tuple[str, str]]:
    """Where a page's links lead, as (address below the home page, anchor), for those that stay in the site."""
    bare = [urldefrag(urljoin(f"/{name}", link)) for link in links if not re.match(r"[a-z][a-z0-9+.-]*:|//", link)]
    return [(unquote(address.lstrip("/")), unquote(anchor)) for address, anchor in bare]
