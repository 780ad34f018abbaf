"""What the site's scripts do in Chromium: search, copy, download, and the check of a counterexample, from a disk and
from a server."""

import json
import re
from urllib.parse import quote

import pytest
from browser import DESK, Reader, served

from claims.command_line.counterexample_files import counterexample_files

CYCLE = "DLX-015"


@pytest.fixture(params=["disk", "server"])
def home(request, site):
    """The address of the site, with a "/" at its end."""
    if request.param == "disk":
        yield f"{site.as_uri()}/"
    else:
        with served(site.parent) as address:
            yield f"{address}{quote(site.name)}/"


@pytest.fixture
def reader(browser):
    opened = Reader(browser, viewport=DESK, permissions=["clipboard-read", "clipboard-write"])
    yield opened
    opened.context.close()
    assert not opened.seen.complaints
    assert not opened.seen.outside


def page_of(home, uid):
    return f"{home}{uid}/index.html"


# Search.


def searched(page, words):
    """The titles of what is found, best first."""
    page.get_by_role("combobox", name="Search").fill(words)
    page.get_by_role("option").first.wait_for()
    return page.get_by_role("option").all_inner_texts()


@pytest.mark.parametrize("place", ["", "DL-004/", "api/solvers/network/problem/"])
def test_a_cycle_is_found_and_opened_by_keyboard_from_anywhere(place, home, reader):
    """/, the word, down to it, Enter."""
    page = reader.page
    page.goto(f"{home}{place}index.html")
    page.keyboard.press("/")
    page.keyboard.type("cycle")
    page.get_by_role("option").first.wait_for()
    found = page.get_by_role("option").all_inner_texts()
    (row,) = [number for number, title in enumerate(found) if CYCLE in title]
    for _ in range(row + 1):
        page.keyboard.press("ArrowDown")
    chosen = page.get_by_role("combobox").get_attribute("aria-activedescendant")
    assert CYCLE in page.locator(f"#{chosen}").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url(page_of(home, CYCLE))


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("theorem 1", "DL-004"),
        ("linear rate", "DL-004"),
        ("ACGH19", "ACGH19"),
        ("ballance", "DL-002"),
        ("DL-4", "DL-004"),
        ("gradient_descent", "solvers.descent.descent"),
    ],
)
def test_what_is_meant_is_among_the_first(words, title, site, reader):
    reader.page.goto(f"{site.as_uri()}/index.html")
    assert [found for found in searched(reader.page, words)[:5] if title in found]


def test_nothing_is_found_where_there_is_nothing(site, reader):
    """And it is said, to a screen reader too."""
    reader.page.goto(f"{site.as_uri()}/index.html")
    reader.page.get_by_role("combobox", name="Search").fill("zebra crossing")
    reader.page.get_by_role("search").get_by_role("status").filter(has_text="Nothing").wait_for()
    assert reader.page.get_by_role("option").count() == 0


@pytest.mark.parametrize("width", [360, 800, 1280])
def test_what_is_found_is_in_the_window(width, site, reader):
    """The list opens over the page and sticks out nowhere."""
    reader.page.set_viewport_size({"width": width, "height": 740})
    reader.page.goto(f"{site.as_uri()}/index.html")
    searched(reader.page, "cycle")
    box = reader.page.get_by_role("listbox").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["width"] >= 300


# Copy and download.


@pytest.mark.parametrize("uid", ["DL-004", CYCLE])
def test_a_citation_is_copied_as_it_is_shown(uid, home, reader):
    """In each form."""
    page = reader.page
    page.goto(page_of(home, uid))
    for form in ("BibTeX", "LaTeX", "Text"):
        page.get_by_role("button", name=f"Copy {form}").click()
        shown = page.get_by_label(form, exact=True).text_content()
        page.wait_for_function("async shown => await navigator.clipboard.readText() === shown", arg=shown)
        assert uid in shown


def test_downloads_are_the_files_that_they_name(site, reader):
    """Byte by byte, under their own names; JSON is the catalogue's own file."""
    with served(site) as home:
        reader.page.goto(page_of(home, CYCLE))
        links = reader.page.locator("a[download]")
        assert links.count() >= 4
        for link in links.all():
            with reader.page.expect_download() as waiting:
                link.click()
            content = waiting.value.path().read_bytes()
            assert content == (site / CYCLE / waiting.value.suggested_filename).read_bytes()
            if waiting.value.suggested_filename.endswith(".json"):
                assert content == counterexample_files()[CYCLE].path.read_bytes()


def test_from_a_disk_a_download_is_opened_or_saved(site, reader):
    """A file that has an address on a disk is shown where it can be; what cannot is saved."""
    home = page_of(f"{site.as_uri()}/", CYCLE)
    reader.page.goto(home)
    for name in reader.page.locator("a[download]").evaluate_all("all => all.map(each => each.download)"):
        reader.page.goto(home)
        saved = []
        reader.page.on("download", lambda each, saved=saved: saved.append(each.suggested_filename))
        reader.page.locator(f"a[download='{name}']").click()
        reader.page.wait_for_timeout(300)
        assert (site / CYCLE / name).is_file()
        assert reader.page.url.endswith(f"/{name}") or saved == [name]


# The check.


def verdict(page, report):
    """What a report says, once it is no longer checking."""
    said = page.locator(f"[data-report={report}] .verdict")
    said.filter(has_text=re.compile("erified|Not checked")).wait_for(timeout=60_000)
    return said.inner_text()


def drop(page, name, text):
    """A file, dropped where files may be dropped."""
    dropped = page.evaluate_handle(
        """([name, text]) => { const made = new DataTransfer();
        made.items.add(new File([text], name, {type: 'application/json'})); return made; }""",
        [name, text],
    )
    for event in ("dragenter", "dragover", "drop"):
        page.locator("#drop").dispatch_event(event, {"dataTransfer": dropped})


def test_a_file_that_is_dropped_is_verified_and_a_tampered_one_is_not(home, reader):
    """With the reason; first its digest is wrong, then, with the right one, its mathematics."""
    from claims.counterexamples.catalogue import digest

    content = json.loads(counterexample_files()[CYCLE].path.read_text("utf-8"))
    name = f"{CYCLE}.json"
    page = reader.page
    page.goto(page_of(home, CYCLE))
    drop(page, name, json.dumps(content))
    page.locator("[data-report=own] .verdict").filter(has_text="Verified in this browser").wait_for()

    content["learning_rate"] = "1/3"
    drop(page, name, json.dumps(content))
    page.locator("[data-report=own] .verdict").filter(has_text="Not verified").wait_for()
    assert "sha256" in verdict(page, "own") or "SHA-256" in verdict(page, "own")

    content["sha256"] = digest(content)
    drop(page, name, json.dumps(content))
    page.wait_for_function("() => !/sha-?256/i.test(document.querySelector('[data-report=own] .verdict').innerText)")
    said = verdict(page, "own")
    assert said.startswith("✕ Not verified: ")
    assert len(said) > 30
    assert page.locator("[data-report=own] .steps .fails").count() >= 1


def test_a_file_that_is_chosen_is_checked(home, reader, tmp_path):
    """One that is nothing of the kind is refused, and the page goes on."""
    page = reader.page
    page.goto(page_of(home, CYCLE))
    chooser = page.get_by_label("A file of your own")
    (tmp_path / "own.json").write_text('{"hello": "world"}')
    chooser.set_input_files(tmp_path / "own.json")
    assert "Not verified" in verdict(page, "own")
    chooser.set_input_files(counterexample_files()[CYCLE].path)
    page.locator("[data-report=own] .verdict").filter(has_text="Verified in this browser").wait_for()


def test_three_clicks_lead_from_home_to_theorem_1_without_balance_verified(home, reader):
    """What a person does who knows nothing."""
    page = reader.page
    page.goto(f"{home}index.html")
    page.get_by_role("main").get_by_role("link", name="without balance").click()
    refuted = page.locator(":target, section:has(:target)").first
    refuted.get_by_role("link", name=re.compile("DLX-")).first.click()
    assert "Verified in this browser" in verdict(page, "embedded")
