"""The signs of print in all that a page says, and no line that breaks inside a range, an amount or a day."""

from __future__ import annotations

import re

from sphinx.application import Sphinx

from essay_site.library import module

TEXT = module("text")
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
TOGETHER = re.compile(rf"\d[\d,.]*–\d[\d,.]*\b%?|[$]?\d[\d,.]* (?:million|billion)\b|\b\d\d? (?:{MONTHS})\b")


def typeset(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    """Typeset the body of a page: what cells show is so already, prose, catalogue and bibliography are not."""
    if "body" in context:
        context["body"] = TEXT["typeset_page"](context["body"], keep_together)


def keep_together(said: str) -> str:
    """Return words with a mark around each range, amount and day."""
    return TOGETHER.sub(r'<span class="together">\g<0></span>', said)


def typeset_words(said: str) -> str:
    """Return words typeset that stand beside the body of a page."""
    return TEXT["typeset"](said)
