"""French that learners read is typeset: no line begins with « ; » or ends with a lone quote."""

import io
import re
import tokenize

import pytest
from basics import ROOT

from workbook.editions import sources

SOURCES = sorted(source.path for source in sources(ROOT))
PAGES = [
    ROOT / "README.md",
    *(ROOT / "deploy" / f"{name}.md" for name in ("accessibilite", "couverture", "noter", "rgpd")),
]
NARROW, WIDE = "\u202f", "\u00a0"
CODE = re.compile(r"`[^`]*`|\]\([^)]*\)|<[^>]+>|^\|[-|: ]+\|$|^ {4,}.*$|https?://\S+")
LOOSE = re.compile(r"\w[)*_%”]* [;!?:»]|[«] |« ?\S|\S ?»")
GOOD_QUOTES = re.compile(f"«[{NARROW}{WIDE}]|[{NARROW}{WIDE}]»")


def faults(text):
    """The places of a French text where an ordinary space could break a line badly."""
    bare = CODE.sub(lambda match: "x" * len(match[0]), text)
    spaced = GOOD_QUOTES.sub("", bare)
    return [bare[max(0, m.start() - 20) : m.end() + 10] for m in LOOSE.finditer(spaced)]


def prose(path):
    """(line number, text) of a source's Markdown cells."""
    in_prose = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("# %%") and not line.startswith("# %%service"):
            in_prose = line.startswith("# %% [markdown]")
        elif in_prose:
            yield number, line.removeprefix("#").removeprefix(" ")


def french_strings(path):
    """(line number, text) of the string literals that hold French quotes."""
    source = io.StringIO(path.read_text(encoding="utf-8"))
    for token in tokenize.generate_tokens(source.readline):
        if token.type == tokenize.STRING and re.search("[«»]", token.string):
            text = token.string.replace(r"\u202f", NARROW).replace(r"\u00a0", WIDE)
            yield token.start[0], text


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_chapter(path):
    """A chapter's prose: « », and the spaces before ; : ! ?"""
    found = [
        f"{path.name}:{number}: {fault}" for number, line in prose(path) for fault in faults(line)
    ]

    assert not found, "\n".join(found)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_page(page):
    """So are the pages around the course."""
    text = page.read_text(encoding="utf-8")
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)

    assert not [fault for line in text.splitlines() for fault in faults(line)]


def test_quotes_in_messages():
    """Cards, errors and command line: no guillemet is parted from its word."""
    found = [
        f"{path.relative_to(ROOT)}:{number}: {text[:60]}"
        for folder in ("workbook", "services", "course")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "answers" not in path.parts and path not in SOURCES
        for number, text in french_strings(path)
        if GOOD_QUOTES.sub("", text).count("«") or GOOD_QUOTES.sub("", text).count("»")
    ]

    assert not found, "\n".join(found)
