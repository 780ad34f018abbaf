"""The API reference: every public name is in it, as its module writes it, and what docstrings name are links."""

import re
import sys

import pytest
from cli import answer
from markupsafe import Markup

import solvers
import strategies
from claims.site import reference_pages, search
from claims.site.material import material
from claims.site.mathematics import ROLE, statement_html
from claims.site.reference import home, modules
from claims.site.reference_pages import address, first_sentence
from claims.site.templating import rendered, static_files

UP = "../../../../api/solvers/network/"
PACKAGES = {"solvers": solvers, "strategies": strategies}
MODULES = modules()
ENTRIES = {(module.package, entry.name): (module, entry) for module in MODULES for entry in module.entries}


@pytest.fixture(scope="module")
def pages():
    """The reference's pages, by their path, as HTML."""
    found = list(reference_pages.pages(material()))
    names = {"", search.PATH, *(page.name for page in found), *(file.path for file in static_files())}
    return {page.path: rendered(page, names).decode() for page in found}


def test_every_public_name_has_its_entry(pages):
    """On its module's page, with a link to it in the list; and nothing else has one."""
    assert {*ENTRIES} == {(package, name) for package, module in PACKAGES.items() for name in module.__all__}
    for module, entry in ENTRIES.values():
        page = f"{address(module.name)}/index.html"
        assert pages[page].count(f'id="{entry.name}"') == 1
        assert f'href="../{page}#{entry.name}"' in pages["api/index.html"]
    assert pages.keys() == {"api/index.html", *(f"{address(module.name)}/index.html" for module in MODULES)}


def test_every_name_stands_with_the_module_that_defines_it():
    """By what Python says, where it says it; a name that is one of another package's under an alias is that one's."""
    for (package, name), (module, _) in ENTRIES.items():
        value = getattr(PACKAGES[package], name)
        assert module.name == getattr(value, "__module__", module.name)
    assert home("strategies", "regression") == "strategies.datasets"
    assert home("strategies", "SEPARABLE") == "strategies.shallow.separable"


def test_pages_are_small(pages):
    assert max(len(html.encode()) for html in pages.values()) <= 200 * 1024


DECLARED = {
    "sigma_min": "def sigma_min(matrix: Matrix) -> Any",
    "Objective": "class Objective(value: Callable[[FloatMatrix], Any], gradient: Callable[[FloatMatrix], FloatMatrix])",
    "CriticalKind": "class CriticalKind",
    "directions": "def directions(shape: tuple[int, int], *, least: float = 0) -> SearchStrategy[FloatMatrix]",
    "covariance": "def covariance(name: str) -> NDArray[np.float64]",
    "DATA": "DATA = ('white', 'covariance', 'mask')",
}


@pytest.mark.parametrize("name", DECLARED)
def test_a_name_is_declared_in_its_modules_words(name):
    """Functions, classes, enumerations, what Hypothesis and a cache have wrapped, constants."""
    (declared,) = [entry.declared for (_, each), (_, entry) in ENTRIES.items() if each == name]
    assert declared == DECLARED[name]


def test_nothing_differs_from_run_to_run():
    """A function that is a default has its name, not its address."""
    _, stacks = ENTRIES["strategies", "state_stacks"]
    assert "imbalance: Limit = imbalance_limit," in stacks.declared
    for _, entry in ENTRIES.values():
        assert not re.search(r"0x[0-9a-f]|ForwardRef|<", entry.declared)


def test_members_are_public_and_say_what_they_do():
    _, problem = ENTRIES["solvers", "Problem"]
    members = {member.name: member for member in problem.members}
    assert members["step"].declared == "def step(self) -> Problem"
    assert members["depth"].docstring == "N, the number of layers."
    assert not [name for name in members if name.startswith("_") or name == "weights"]
    _, kind = ENTRIES["solvers", "CriticalKind"]
    assert kind.members[0].declared == "GLOBAL_MINIMUM = 'global minimum'"


def test_what_a_docstring_names_is_a_link(pages):
    """Names of the same module and class, of the package, and modules; no role is left as it is written."""
    problem = pages["api/solvers/network/problem/index.html"]
    assert '<a href="#Problem.enclosed"><code>enclosed</code></a>' in problem
    assert f'<a href="{UP}regression/index.html#regression"><code>solvers.regression</code></a>' in problem
    assert f'<a href="{UP}network/index.html"><code>solvers.network.network</code></a>' in problem
    assert "<code>solvers.network.definiteness</code>" in problem, "a module without public names is no link"
    assert not [path for path, html in pages.items() if ROLE.search(Markup(html).striptags())]


@pytest.mark.parametrize(
    ("docstring", "first"),
    [
        ("One. Two.", "One."),
        ("W_1, ..., W_N of\na network. More.", "W_1, ..., W_N of a network."),
        ("No end\n\nMore.", "No end"),
        ("As :func:`~solvers.loss` is. More.", "As ``solvers.loss`` is."),
        ("The margin, at least 0.5 here. More.", "The margin, at least 0.5 here."),
    ],
)
def test_the_first_sentence(docstring, first):
    assert first_sentence(docstring) == first


def test_a_role_is_code_where_there_is_no_link():
    """In every docstring that the site shows, in whole words and without where they are from."""
    assert statement_html("As :func:`solvers.loss` of :mod:`~claims.suite.claim`.") == (
        "<p>As <code>solvers.loss</code> of <code>claim</code>.</p>"
    )


def test_without_pdoc_the_command_says_what_to_install(capsys, monkeypatch, tmp_path):
    for name in [name for name in sys.modules if name.startswith(("pdoc", "claims.site"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pdoc", None)
    code, _, complaint = answer(capsys, "site", str(tmp_path / "out"))
    assert code == 2
    assert "needs pdoc, which is not installed; expected `pip install '.[site]'`" in complaint
    assert not (tmp_path / "out").exists()
