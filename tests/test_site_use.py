"""The site as people use it: by eye, by ear, by keyboard, and without scripts."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import DESK, Reader

KINDS = {"home": "index.html", "claim": "DL-004/index.html"}
"""A page of each kind that there is."""
AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize("scheme", ["light"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_accessible(kind, scheme, site, browser):
    """By axe: WCAG 2.2 up to AA, contrast among it, and what is good practice; with everything unfolded."""
    reader = Reader(browser, color_scheme=scheme, reduced_motion="reduce")
    reader.look((site / KINDS[kind]).as_uri())
    reader.page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    result = Axe().run(reader.page, options={"runOnly": AA, "resultTypes": ["violations"]})
    reader.context.close()
    assert not result.violations_count, result.generate_report()


DEAD = """() => [...document.querySelectorAll('button, input, select, textarea, [role=combobox]')]
  .filter(each => each.checkVisibility()).map(each => each.outerHTML.slice(0, 120))"""
HIDDEN = """() => { document.querySelectorAll('details').forEach(each => { each.open = true });
  return [...document.querySelectorAll('main :is(h1, h2, h3, p, li, table, pre, math, dt, dd, figure)')]
    .filter(each => !each.checkVisibility()).map(each => each.outerHTML.slice(0, 120)); }"""


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
  const drawn = (style.outlineStyle !== 'none' && style.outlineWidth !== '0px') || style.boxShadow !== 'none';
  const seen = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth && box.width > 0;
  return [each.outerHTML.slice(0, 120), drawn, seen];
}"""


@pytest.mark.parametrize("kind", KINDS)
def test_a_keyboard_reaches_everything_and_shows_where_it_is(kind, site, browser):
    """The way to the content first; then on and on, each time to something else that is seen, and out of the page."""
    reader = Reader(browser, viewport=DESK, reduced_motion="reduce")
    reader.page.goto((site / KINDS[kind]).as_uri())
    reader.page.keyboard.press("Tab")
    assert 'href="#content"' in reader.page.evaluate(FOCUS)[0]
    walked = []
    while (focus := reader.page.evaluate(FOCUS)) and len(walked) < 400:
        walked.append(focus)
        reader.page.keyboard.press("Tab")
    reachable = reader.page.evaluate(REACHABLE)
    reader.context.close()
    assert len(walked) == reachable
    assert not [html for html, drawn, seen in walked if not drawn or not seen]


REACHABLE = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
  .filter(each => each.checkVisibility() && !each.disabled && each.tabIndex >= 0).length"""


def test_the_first_link_leads_past_the_navigation(site, browser):
    """Enter on it, and the next Tab is in the content."""
    reader = Reader(browser, viewport=DESK)
    reader.page.goto((site / "DL-004/index.html").as_uri())
    for key in ("Tab", "Enter", "Tab"):
        reader.page.keyboard.press(key)
    assert reader.page.evaluate("document.activeElement.closest('main') !== null")
    reader.context.close()
