"""Choosing on the site: the search field and the list of counterexamples, by keyboard, in Chromium."""

from __future__ import annotations

import pytest
from browser import DESK


@pytest.fixture
def opened(site, browser):
    """A function that opens a page of the site, and fails with what the page complains of."""
    context = browser.new_context(viewport=DESK)
    complaints = []

    def open_page(name, fragment=""):
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("requestfailed", lambda request: complaints.append(request.url))
        page.goto((site / name / "index.html").as_uri() + fragment)
        return page

    yield open_page
    context.close()
    assert not complaints


FIELD = "#search-field"


def active(page):
    """The text of the option that the field says is active, None where it says none."""
    script = "field => document.getElementById(field.getAttribute('aria-activedescendant'))?.textContent ?? null"
    return page.eval_on_selector(FIELD, script)


def searched(page, text):
    """After the key / and the text."""
    page.keyboard.press("/")
    page.keyboard.type(text)
    page.wait_for_selector("#search-list [role=option]")
    return page.locator("#search-list [role=option]")


# The search.


def test_arrows_go_through_what_was_found_and_enter_goes_there(opened):
    page = opened("DL-001")
    options = searched(page, "cycle")
    assert page.get_attribute(FIELD, "aria-expanded") == "true"
    assert active(page) is None
    walked = []
    for _ in range(options.count() + 1):
        page.keyboard.press("ArrowDown")
        walked.append(active(page))
    assert walked == [*options.all_text_contents(), options.first.text_content()]
    assert page.locator("#search-list [aria-selected=true]").count() == 1
    page.keyboard.press("ArrowUp")
    assert active(page) == options.last.text_content()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/DLX-015/index.html")


def test_enter_alone_goes_to_the_first_even_before_the_index_is_there(opened):
    page = opened("chapters/convergence")
    page.keyboard.press("/")
    page.keyboard.type("DL-004")
    page.keyboard.press("Enter")
    page.wait_for_url("**/DL-004/index.html")


def test_escape_closes_the_list_and_then_empties_the_field(opened):
    page = opened("")
    searched(page, "saddle")
    page.keyboard.press("Escape")
    assert page.get_attribute(FIELD, "aria-expanded") == "false"
    assert not page.locator("#search-list").is_visible()
    assert page.input_value(FIELD) == "saddle"
    page.keyboard.press("Escape")
    assert page.input_value(FIELD) == ""


def test_a_click_goes_there_and_leaving_the_field_closes_the_list(opened):
    page = opened("")
    searched(page, "saddle")
    page.keyboard.press("Tab")
    assert not page.locator("#search-list").is_visible()
    page.focus(FIELD)
    page.locator("#search-list [role=option]", has_text="DL-007").click()
    page.wait_for_url("**/DL-007/index.html")


def test_what_is_found_is_told_and_nothing_too(opened):
    page = opened("")
    searched(page, "cycle")
    status = page.locator("#search [role=status]")
    assert status.text_content().endswith(" pages")
    page.fill(FIELD, "zzzzzz")
    assert status.text_content() == "Nothing has these words."
    assert page.get_attribute(FIELD, "aria-expanded") == "false"
    page.keyboard.press("Enter")
    assert page.url.endswith("of%20claims/index.html") or page.url.endswith("/index.html")


def test_the_key_is_a_letter_where_one_types_and_can_be_turned_off(opened):
    """For good, in this browser."""
    page = opened("counterexamples")
    page.focus("[name=q]")
    page.keyboard.type("1/2")
    assert page.input_value("[name=q]") == "1/2"
    page.uncheck("#search-key")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search-key"
    page.reload()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    page.check("#search-key")
    page.keyboard.press("/")
    assert page.evaluate("'#' + document.activeElement.id") == FIELD


# The list of counterexamples.


def shown(page):
    return page.locator("#catalogue tbody tr:visible th").all_text_contents()


def test_what_is_chosen_is_shown_counted_and_in_the_address(opened):
    page = opened("counterexamples")
    assert len(shown(page)) == 66
    page.select_option("[name=kind]", "cycle")
    page.select_option("[name=depth]", "3")
    page.fill("[name=q]", "identity zzz")
    assert shown(page) == []
    page.fill("[name=q]", "identity")
    assert shown(page) == ["DLX-064", "DLX-066"]
    assert page.locator("[name=found]").text_content() == "2 of 66"
    assert page.url.endswith("#q=identity&kind=cycle&depth=3")


def test_an_address_is_what_was_chosen(opened):
    page = opened("counterexamples", "#kind=cycle&period=4")
    assert shown(page) == ["DLX-017", "DLX-018"]
    assert page.input_value("[name=kind]") == "cycle"
    page.evaluate("location.hash = '#hypothesis=width'")
    page.wait_for_function("document.querySelector('[name=found]').value === '1 of 66'")
    assert shown(page) == ["DLX-008"]
    page.click("text=Show all")
    page.wait_for_function("document.querySelector('[name=found]').value === '66 of 66'")
    assert "#" not in page.url


@pytest.mark.parametrize("fragment", ["#kind=nonsense", "#DLX-015", "#depth=%3Cscript%3E", "#%"])
def test_an_address_that_asks_for_nothing_shows_all(opened, fragment):
    assert len(shown(opened("counterexamples", fragment))) == 66


@pytest.mark.parametrize("key", ["kind", "model", "depth", "widths", "period", "claim", "hypothesis"])
def test_each_facet_shows_as_many_as_it_says(opened, key):
    """Of its first value and of its last."""
    page = opened("counterexamples")
    options = page.locator(f"[name={key}] option")
    for place in (1, options.count() - 1):
        said = int(options.nth(place).text_content().rpartition("(")[2].rstrip(")"))
        page.select_option(f"[name={key}]", index=place)
        assert len(shown(page)) == said


# A counterexample of one's own.


def test_a_long_number_is_shown_in_full_where_it_is_asked_for(opened):
    """By a button, which says which of the two it is."""
    page = opened("DLX-013")
    page.click("[data-report=embedded] summary")
    number = page.locator("[data-report=embedded] button.long").first
    short = number.text_content()
    assert "…" in short
    number.click()
    assert number.get_attribute("aria-expanded") == "true"
    assert len(number.text_content()) > len(short)
    number.click()
    assert number.text_content() == short


@pytest.mark.parametrize(
    ("name", "change", "verdict"),
    [
        ("mine.json", lambda text: text, "✓ Verified in this browser: mine.json: cycle"),
        ("DLX-015 (1).json", lambda text: text, "✓ Verified in this browser: DLX-015 (1).json: cycle"),
        ("DLX-016.json", lambda text: text, "✕ Not verified: DLX-016.json: "),
        ("<b>.json", lambda text: text.replace("81/32", "82/32"), "✕ Not verified: <b>.json: "),
        ("empty.json", lambda text: "", "✕ Not verified: empty.json: "),
        ("large.json", lambda text: text + " " * (1 << 20), "✕ Not verified: large.json: the file has "),
    ],
)
def test_a_file_of_ones_own_has_a_verdict_with_its_reason(opened, site, name, change, verdict):
    page = opened("DLX-004")
    content = change((site / "DLX-015" / "DLX-015.json").read_text("utf-8")).encode()
    page.set_input_files("#own-file", {"name": name, "mimeType": "application/json", "buffer": content})
    said = page.locator("[data-report=own] .verdict")
    page.wait_for_function("document.querySelector('[data-report=own]').dataset.state")
    assert said.text_content().startswith(verdict)
