"""The site in Chromium, from a disk and from a server: it loads, leads somewhere, fits a phone and fetches nothing."""

from collections import Counter
from urllib.parse import quote

import pytest
from browser import Reader, chromium, crawl, served, targets
from cli import COUNTEREXAMPLES


@pytest.fixture(scope="module")
def pages(site, browser):
    """Every page as a phone sees it, from the disk, by its address in the site."""
    reader = Reader(browser)
    found = crawl(reader, f"{site.as_uri()}/")
    reader.context.close()
    return found


def offences(pages, what):
    return {name: what(seen) for name, seen in pages.items() if what(seen)}


def test_every_page_loads_without_an_error(pages):
    """Nothing uncaught, nothing on the console, nothing that was not found."""
    assert not offences(pages, lambda seen: seen.complaints)


def test_no_page_asks_for_anything_from_elsewhere(pages):
    assert not offences(pages, lambda seen: seen.outside)


def test_every_link_and_anchor_leads_somewhere(pages, site):
    """To a page and what it has, with what scripts have made of it, or to a file."""
    dangling = []
    for name, seen in pages.items():
        for target, anchor in targets(name, seen.links):
            if target.endswith(".html"):
                missing = target not in pages or (anchor and anchor not in pages[target].ids)
            else:
                missing = anchor or not (site / target).is_file()
            if missing:
                dangling.append(f"{name}: {target}#{anchor}")
    assert not dangling


def test_every_page_is_reached_from_home(pages, site):
    """By links alone."""
    assert {path.relative_to(site).as_posix() for path in site.rglob("*.html")} == {*pages}


def test_every_page_has_a_name_of_its_own_and_no_id_twice(pages):
    """One title that no other page has, one heading of the first rank."""
    titles = Counter(seen.title for seen in pages.values())
    assert not offences(pages, lambda seen: titles[seen.title] > 1)
    assert not offences(pages, lambda seen: len(seen.headings) != 1)
    assert not offences(pages, lambda seen: [name for name, times in Counter(seen.ids).items() if times > 1])


def test_no_page_is_wider_than_a_phone(pages):
    """Of 360 pixels; formulas and tables scroll in themselves."""
    assert not offences(pages, lambda seen: seen.wide)


def test_nothing_moves_while_a_page_loads(pages):
    assert not offences(pages, lambda seen: seen.shifts)


def test_every_counterexample_is_verified_in_the_browser(pages):
    """Once its page is opened, all of it; and no other page says so."""
    assert {name: seen.verdict for name, seen in pages.items() if seen.verdict} == {
        f"{uid}/index.html": "verified" for uid in COUNTEREXAMPLES
    }


@pytest.mark.parametrize("name", ["index.html", "DL-004/index.html", "DLX-015/index.html"])
def test_a_server_has_it_as_the_disk_has_it(name, pages, site, browser):
    """Below a path of a host that is not its root."""
    with served(site.parent) as address:
        seen = Reader(browser).look(f"{address}{quote(site.name)}/{name}")
    assert seen == pages[name]


BROKEN = """<!doctype html><html lang=en><head><title>a page</title>
<link rel=stylesheet href=gone.css><script src="https://example.org/a.js"></script></head>
<body><h1>A page</h1><p id=late>text</p><p style="width: 400px">wide</p><p style="overflow: auto"><b style="display:
block; width: 900px">scrolls</b></p><a href="../b%20c/#there">there</a> <a href="https://example.org/">elsewhere</a>
<script>console.warn("beware"); late.id = "made"; setTimeout(() => { throw Error("thrown") });
requestIdleCallback(() => { document.querySelector("h1").style.marginTop = "300px"; });</script></body></html>"""


def test_what_is_wrong_with_a_page_is_seen(browser, tmp_path):
    """A page with one thing wrong of every kind."""
    page = tmp_path / "a page.html"
    page.write_text(BROKEN)
    seen = Reader(browser).look(page.as_uri())
    told = "\n".join(seen.complaints)
    assert all(words in told for words in ("warning: beware", "uncaught: thrown", "gone.css", "example.org/a.js"))
    assert seen.outside == ["https://example.org/a.js"]
    assert seen.wide[0].endswith("of 360 pixels")
    assert [words for words in seen.wide[1:] if "400px" in words]
    assert not [words for words in seen.wide[1:] if "900px" in words]
    assert seen.shifts
    assert seen.ids == ["made"]
    assert targets("a/b.html", seen.links) == [("b c/", "there")]


def test_without_a_chromium_the_tests_fail_and_say_how_to_get_one(monkeypatch):
    """They are not skipped."""
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(pytest.fail.Exception, match=r"expected one of chromium, .* `apt-get install chromium`"):
        chromium()
