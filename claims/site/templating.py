"""From a page to its HTML: Jinja2, with everything escaped that is no Markup, and no name undefined."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache, partial
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from claims.campaigns.telling import counted
from claims.command_line.errors import UsageError
from claims.command_line.records import PROJECT, version
from claims.site.mathematics import sentence_html, statement_html
from claims.site.naming import named
from claims.site.pages import File, Page, link

NAVIGATION = (
    ("chapters", "Chapters"),
    ("atlas", "Atlas"),
    ("counterexamples", "Counterexamples"),
    ("hypotheses", "Hypotheses"),
    ("sources", "Sources"),
    ("open", "Open questions"),
    ("evidence", "How to read it"),
    ("api", "API"),
)
"""At the top of every page: pages by name, with the word for each; those that the site does not have are left out."""
MORE = (("tightness", "Tightness"), ("experiments", "Experiments"), ("cite", "How to cite"))
"""At its foot."""

UID = re.compile(r"\bDLX?-\d{3}\b")
TAG = re.compile(r"<(/?)([a-zA-Z]\w*)[^>]*>")
NO_LINKS_IN = ("a", "math", "code", "svg", "button", "script", "style", "title")


def rendered(page: Page, names: Collection[str]) -> bytes:
    """The page's HTML; ``names`` are those of all pages and the paths of all files. UsageError where it links to what
    is none of them."""

    def to(name: str, anchor: str = "") -> str:
        if name not in names:
            raise UsageError(f"the page {page.name or 'index.html'} links to {name}, which the site does not have")
        return link(page.name, name, anchor)

    def there(pages: Iterable[tuple[str, str]]) -> list[tuple[str, str, str]]:
        return [(to(name), word, name) for name, word in pages if name in names]

    common = {"page": page, "link": to, "names": names, "has": names.__contains__}
    beside = {"navigation": there(NAVIGATION), "more": there(MORE)}
    html = environment().get_template(page.template).render({**page.context, **common, **beside})
    return named(html).encode()


@cache
def environment() -> Environment:
    """With the filter ``linked``, which turns uids in text into links."""
    made = Environment(
        loader=PackageLoader("claims.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals |= {"project": PROJECT, "version": version()}
    made.filters |= {"linked": _linked, "math": sentence_html, "statement": statement_html}
    made.filters |= {"address": address, "counted": counted}
    made.filters["capitalize_first"] = lambda text: text[:1].upper() + text[1:]
    return made


def address(identifier: str) -> str:
    """Where a paper is, of arXiv's numbers and of DOIs; empty for what is neither."""
    kind, _, number = identifier.partition(":")
    return {"arXiv": f"https://arxiv.org/abs/{number}", "doi": f"https://doi.org/{number}"}.get(kind, "")


@pass_context
def _linked(context: Context, text: str | Markup) -> Markup:
    """Text or HTML, in which each uid that has a page is a link to it, unless it stands in a link, code or formula."""
    return linked(escape(text), partial(_target, context))


def _target(context: Context, uid: str) -> str | None:
    page: Page = context["page"]
    return link(page.name, uid) if uid in context["names"] and uid != page.name else None


def linked(html: Markup, target: partial[str | None]) -> Markup:
    """HTML with links where ``target`` gives an address for a uid."""
    written, end, inside = [], 0, 0
    for tag in TAG.finditer(html):
        written += [_with_links(html[end : tag.start()], target) if not inside else html[end : tag.start()], tag[0]]
        end = tag.end()
        if tag[2].lower() in NO_LINKS_IN and not tag[0].endswith("/>"):
            inside += -1 if tag[1] else 1
    return Markup("".join([*written, _with_links(html[end:], target)]))


def _with_links(text: str, target: partial[str | None]) -> str:
    def written(uid: re.Match[str]) -> str:
        address = target(uid[0])
        return f'<a class="to-uid" href="{address}">{uid[0]}</a>' if address else uid[0]

    return UID.sub(written, text)


def static_files() -> list[File]:
    """Everything in ``static``, which pages link to as "static/styles.css"."""
    folder = files("claims.site") / "static"
    found: list[File] = []
    waiting = [(folder, "static")]
    while waiting:
        directory, path = waiting.pop()
        for entry in sorted(directory.iterdir(), key=lambda each: each.name):
            if entry.is_dir():
                waiting.append((entry, f"{path}/{entry.name}"))
            else:
                found.append(File(f"{path}/{entry.name}", entry.read_bytes()))
    return found
