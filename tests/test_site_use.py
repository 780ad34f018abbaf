"""The site as people use it: by eye, by ear, by keyboard, without scripts and on paper."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import DESK, Reader

from claims.site.naming import named

KINDS = {
    "home": "index.html",
    "chapter": "chapters/convergence/index.html",
    "claim": "DL-004/index.html",
    "counterexample": "DLX-015/index.html",
    "counterexamples": "counterexamples/index.html",
    "atlas": "atlas/index.html",
    "source": "sources/ACGH19/index.html",
    "sources": "sources/index.html",
    "hypotheses": "hypotheses/index.html",
    "tightness": "tightness/index.html",
    "experiments": "experiments/index.html",
    "open": "open/index.html",
    "evidence": "evidence/index.html",
    "cite": "cite/index.html",
    "api": "api/index.html",
    "module": "api/solvers/network/problem/index.html",
    "code": "DL-004/opening/index.html",
}
"""A page of each kind."""
AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize(("scheme", "asked"), [("light", AA), ("dark", ["color-contrast"])], ids=["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_accessible(kind, scheme, asked, site, browser):
    """By axe, with everything unfolded: WCAG 2.2 up to AA and what is good practice; contrast in the dark too."""
    reader = Reader(browser, color_scheme=scheme, reduced_motion="reduce")
    reader.look((site / KINDS[kind]).as_uri())
    reader.page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    result = Axe().run(reader.page, options={"runOnly": asked, "resultTypes": ["violations"]})
    reader.context.close()
    assert not result.violations_count, result.generate_report()


@pytest.mark.parametrize(
    ("uid", "role", "name"),
    [
        ("DLX-015", "heading", "DLX-015 Two layers jump between 5/2 and -5/2"),
        ("DLX-015", "link", "DLX-063 Two layers jump between 5/4 and 4/5 just beyond the edge"),
        ("DL-004", "rowheader", "x 256"),
    ],
)
def test_what_has_a_formula_in_its_name_is_heard_whole(uid, role, name, site, browser):
    """As Chromium names it for a screen reader."""
    reader = Reader(browser)
    reader.look((site / uid / "index.html").as_uri())
    nodes = reader.context.new_cdp_session(reader.page).send("Accessibility.getFullAXTree")["nodes"]
    reader.context.close()
    assert name in [node["name"]["value"] for node in nodes if node.get("role", {}).get("value") == role]


DEAD = """() => [...document.querySelectorAll('button, input, select, textarea, [role=combobox]')]
  .filter(each => each.checkVisibility()).map(each => each.outerHTML.slice(0, 120))"""
HIDDEN = """() => { document.querySelectorAll('details').forEach(each => { each.open = true });
  return [...document.querySelectorAll('main :is(h1, h2, h3, p, li, table, pre, math, dt, dd, figure)')]
    .filter(each => !each.checkVisibility() && !each.closest('.scripted'))
    .map(each => each.outerHTML.slice(0, 120)); }"""


@pytest.mark.parametrize("kind", KINDS)
def test_without_scripts_everything_is_readable(kind, site, browser):
    """And nothing is there that does not work."""
    reader = Reader(browser, java_script_enabled=False)
    reader.page.goto((site / KINDS[kind]).as_uri())
    assert reader.page.evaluate(HIDDEN) == []
    assert reader.page.evaluate(DEAD) == []
    reader.context.close()


FOCUS = """() => {
  const each = document.activeElement, box = each.getBoundingClientRect(), style = getComputedStyle(each);
  if (each === document.body) return null;
  each.dataset.walked = 'yes';
  const drawn = (style.outlineStyle !== 'none' && style.outlineWidth !== '0px') || style.boxShadow !== 'none';
  const seen = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth && box.width > 0;
  return [each.outerHTML.slice(0, 120), drawn && seen];
}"""
LEFT_OUT = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
  .filter(each => each.checkVisibility() && !each.disabled && each.tabIndex >= 0 && !each.dataset.walked)
  .map(each => each.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("kind", ["home", "claim", "counterexample", "counterexamples", "hypotheses"])
def test_a_keyboard_reaches_everything_and_shows_where_it_is(kind, site, browser):
    """The way to the content first; then on and on, each time to something that is seen, and out of the page."""
    reader = Reader(browser, viewport=DESK, reduced_motion="reduce")
    reader.page.goto((site / KINDS[kind]).as_uri())
    reader.page.keyboard.press("Tab")
    assert 'href="#content"' in reader.page.evaluate(FOCUS)[0]
    unseen, steps = [], 0
    while (focus := reader.page.evaluate(FOCUS)) and steps < 1000:
        unseen += [] if focus[1] else [focus[0]]
        steps += 1
        reader.page.keyboard.press("Tab")
    assert not unseen
    assert steps < 1000
    assert reader.page.evaluate(LEFT_OUT) == []
    reader.context.close()


def test_the_first_link_leads_past_the_navigation(site, browser):
    """Enter on it, and the next Tab is in the content."""
    reader = Reader(browser, viewport=DESK)
    reader.page.goto((site / "DL-004/index.html").as_uri())
    for key in ("Tab", "Enter", "Tab"):
        reader.page.keyboard.press(key)
    assert reader.page.evaluate("document.activeElement.closest('main') !== null")
    reader.context.close()


CUT_OFF = """() => [...document.querySelectorAll('main pre, main .display, main .scrolls')]
  .filter(each => each.checkVisibility() && each.scrollWidth > each.clientWidth + 1)
  .map(each => `${each.scrollWidth} of ${each.clientWidth}: ${each.outerHTML.slice(0, 100)}`)"""
"""What would have to be scrolled to be read."""
A4 = {"width": 718, "height": 1047}
"""In pixels of 1/96 inch, without margins of a centimetre."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_printed_dark_on_light_and_fits_the_paper(kind, site, browser):
    """From a screen that is dark, without the navigation."""
    reader = Reader(browser, viewport=A4, color_scheme="dark")
    reader.page.emulate_media(media="print")
    seen = reader.look((site / KINDS[kind]).as_uri())
    assert seen.wide == []
    assert reader.page.evaluate(CUT_OFF) == []
    assert not reader.page.get_by_role("navigation").first.is_visible()
    text, paper = reader.page.evaluate(
        "['color', 'backgroundColor'].map(name => getComputedStyle(document.body)[name].match(/[0-9.]+/g).map(Number))"
    )
    assert max(text[:3]) < 80
    assert min(paper[:3]) > 240 or paper[3:] == [0]
    printed = reader.page.pdf(format="A4")
    reader.context.close()
    assert printed.startswith(b"%PDF")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 40


def test_formulas_are_labelled_where_they_are_part_of_a_name():
    """Nested elements too; a screen reader reads all others as formulas."""
    formula = '<math alttext="a &lt; b"><mi>a</mi></math>'
    heard = '<math aria-label="a &lt; b" alttext="a &lt; b"><mi>a</mi></math>'
    assert named(f"<p>{formula}</p>") == f"<p>{formula}</p>"
    page = f"<h3 id=x><a href=y>{{0}}</a> {{0}}</h3><p>{formula}</p><table><th>{{0}}</th><td>{formula}</td></table>"
    assert named(page.format(formula)) == page.format(heard)
