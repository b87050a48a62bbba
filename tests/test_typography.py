"""What readers see has the signs of print: curly quotes, dashes in ranges, days in words, no line broken inside a range."""

from __future__ import annotations

import html
import re

import pytest

from essay.text import typeset, typeset_page
from tests.book import PROJECT, notebooks, prose
from tests.prose_check import PROSE_FENCE

WORDS = {
    "Peru's minister, families' accounts": "Peru’s minister, families’ accounts",
    "called \"cop diplomacy\" (and 'so' on)": "called “cop diplomacy” (and ‘so’ on)",
    "the '90s": "the ’90s",
    "65-70 in a cell, 16,640-17,920 in all": "65–70 in a cell, 16,640–17,920 in all",
    "in 2014-2018.": "in 2014–2018.",
    "under Jefferson (1801-09)": "under Jefferson (1801–09)",
    "by two votes to one, 2-1": "by two votes to one, 2–1",
    "2025-07-03": "3 July 2025",
    "2022-05-03 (about)": "3 May 2022 (about)",
    "by 2025-12": "by December 2025",
    "2025-03-17/2025-04-11": "17 March 2025 to 11 April 2025",
    # Numbers of cases and laws, keys, addresses, and what is no date.
    "No. 26-1212": "No. 26-1212",
    "P.L. 93-189": "P.L. 93-189",
    "GAO-92-118": "GAO-92-118",
    "cecot-pop-2024-06": "cecot-pop-2024-06",
    "https://2001-2009.state.gov/it's": "https://2001-2009.state.gov/it's",
    "2025-13-40": "2025-13-40",
}
PAGES = {
    '<p title="Peru&#x27;s">it&#x27;s 3-4</p>': '<p title="Peru’s">it’s 3–4</p>',
    "<p>it's</p><code>it's 3-4</code><p>it's</p>": "<p>it’s</p><code>it's 3-4</code><p>it’s</p>",
    "<a href=\"x-3-4.html?a='b'\">&lt;b&gt; &amp; &quot;c&quot;</a>": "<a href=\"x-3-4.html?a='b'\">&lt;b&gt; &amp; “c”</a>",
}
# What no page may show outside code: straight quotes, a hyphen between numbers, a day in figures.
UNSET = re.compile(
    r"['\"]"
    r"|(?<!No\. )(?<!Nos\. )(?<!Law )(?<!L\. )(?<![\w.,/–-])\d+(?:[.,]\d+)*-\d+(?:[.,]\d+)*(?![\w-])"
    r"|(?<![\w/-])\d{4}-\d\d-\d\d(?![\w/-])"
)


def unset(page: str) -> list[str]:
    """Return what the words of a page hold that is not set as in print, each with what stands around it."""
    page = re.sub(r"<(pre|code|script|style|textarea|math|head)\b.*?</\1>|<!--.*?-->", "", page, flags=re.DOTALL)
    # Most pieces have none of the signs that could be wrong, which is soon seen.
    words = filter(re.compile("['\"-]").search, map(html.unescape, re.findall(r"(?<=>)[^<>]+", page)))
    words = (re.sub(r"(?:https?://|www\.)\S+", "", piece) for piece in words)
    return [piece[max(0, m.start() - 20) : m.end() + 20].strip() for piece in words for m in UNSET.finditer(piece)]


@pytest.mark.parametrize("straight", WORDS)
def test_words_are_typeset(straight):
    assert typeset(straight) == WORDS[straight]
    assert typeset(WORDS[straight]) == WORDS[straight]


@pytest.mark.parametrize("straight", PAGES)
def test_pages_are_typeset_between_their_marks(straight):
    assert typeset_page(straight) == PAGES[straight]


def test_the_check_bites():
    page = "<h1>It's</h1><p>1974-84, 2025-07-03, 1974–84, it’s, No. 26-1212, <code>2025-07-03's</code></p>"
    assert unset(page) == ["It's", "1974-84, 2025-07-03, 1974–8", "1974-84, 2025-07-03, 1974–84, it’s, No."]


def typed(text: str) -> str:
    """Return the words of prose as typed, without code, marks of HTML, addresses and citations."""
    return re.sub(
        r"```.*?```|\{cite[^}]*\}`[^`]*`|`[^`]*`|<[^>]*>|\]\([^)]*\)", " ", PROSE_FENCE.sub(r"\1", text), flags=re.DOTALL
    )


@pytest.mark.parametrize("page", [path.name for path in [*notebooks(), *sorted((PROJECT / "book").glob("*.md"))]])
def test_prose_is_typed_as_in_print(page):
    """Notebooks are read without the site as well."""
    pieces = {piece.where: unset(f">{typed(piece.text)}<") for piece in prose() if piece.where.split(",")[0] == page}
    assert {where: found for where, found in pieces.items() if found} == {}


def test_the_check_of_prose_bites():
    assert unset(f">{typed('It’s `a-1 2-3` in [1-2](fact:a-1), [it](x-1-2.html).')}<") == ["It’s   in [1-2 , [it ."]


def test_every_page_is_typeset(site):
    found = {path.name: unset(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    assert {name: words for name, words in found.items() if words} == {}


def test_no_line_breaks_inside_a_range(site):
    pages = [path.read_text(encoding="utf-8") for path in sorted((site / "book").glob("*.html"))]
    assert sum(page.count('<span class="together">') for page in pages) > 100
