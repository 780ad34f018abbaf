"""The API reference: a page for each module that has public names of solvers or strategies, and one that lists all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import groupby

from markupsafe import Markup

from claims.site.material import Material
from claims.site.mathematics import ROLE, sentence_html, statement_html
from claims.site.pages import Page, link
from claims.site.reference import Entry, Module, modules

Places = dict[str, tuple[str, str]]
"""From a dotted name to the page that has it and the anchor in it."""


def pages(_: Material) -> Iterator[Page]:
    """The list, and each module."""
    found = modules()
    places = dict(_places(found))
    yield _list_of(found)
    for module in found:
        yield _page(module, places)


def address(module: str) -> str:
    """The name of a module's page."""
    return "api/" + module.replace(".", "/")


def first_sentence(docstring: str) -> str:
    """Of its first paragraph, which may be all of it; what it names with a role is code."""
    text = " ".join(ROLE.sub(r"``\2``", docstring).split("\n\n")[0].split())
    return re.split(r"(?<=[^.]\.) ", text, maxsplit=1)[0]


def _places(found: tuple[Module, ...]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Of modules, and of their names by where they stand and by where users have them from."""
    for module in found:
        page = address(module.name)
        yield module.name, (page, "")
        for entry in module.entries:
            for owner in (module.name, module.package):
                yield f"{owner}.{entry.name}", (page, entry.name)
            for member in entry.members:
                yield f"{module.name}.{entry.name}.{member.name}", (page, f"{entry.name}.{member.name}")


def _list_of(found: tuple[Module, ...]) -> Page:
    grouped = groupby(found, key=lambda module: module.package)
    packages = [(package, [(module, address(module.name)) for module in group]) for package, group in grouped]
    context = {"packages": packages, "first": lambda text: sentence_html(first_sentence(text))}
    words = " ".join(entry.name for module in found for entry in module.entries)
    return Page("api", "API reference", "reference.html", context, "reference", "Every public name of both.", words)


def _page(module: Module, places: Places) -> Page:
    context = {"module": module, "prose": partial(_prose, module, places), "declared": _declared}
    words = " ".join(entry.name for entry in module.entries)
    summary = first_sentence(module.docstring)
    return Page(address(module.name), module.name, "reference_module.html", context, "reference", summary, words)


def _prose(module: Module, places: Places, docstring: str, owner: str = "") -> Markup:
    """A docstring as HTML, in which what it names with a role is a link where it has an entry; ``owner`` is the class
    that it belongs to."""
    targets: dict[str, str] = {}

    def named(role: re.Match[str]) -> str:
        short, name = role.groups()
        shown = name.rpartition(".")[2] if short else name
        for full in (name, f"{module.name}.{name}", f"{module.name}.{owner}.{name}"):
            if full in places:
                targets[shown] = link(address(module.name), *places[full])
        return f"``{shown}``"

    def linked(code: re.Match[str]) -> str:
        return f'<a href="{targets[code[1]]}">{code[0]}</a>' if code[1] in targets else code[0]

    return Markup(re.sub(r"<code>([\w.]+)</code>", linked, statement_html(ROLE.sub(named, docstring))))


def _declared(entry: Entry) -> Markup:
    """How it is called, its name set apart."""
    before, name, after = entry.declared.partition(entry.name)
    return Markup("{}<b>{}</b>{}").format(before, name, after)
