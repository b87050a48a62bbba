"""The signs of print in all that a page says, and no line that breaks inside a range, an amount or a day."""

from __future__ import annotations

import re
import runpy

from sphinx.application import Sphinx

from essay_site.paths import BOOK

# Run alone: the package brings Matplotlib, for which a build with nothing to do need not wait.
TYPESET = runpy.run_path(str(BOOK / "essay" / "text.py"))["typeset_page"]
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
TOGETHER = re.compile(rf"\d[\d,.]*–\d[\d,.]*\b%?|[$]?\d[\d,.]* (?:million|billion)\b|\b\d\d? (?:{MONTHS})\b")


def typeset(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    """Typeset the body of a page: what cells show is so already, prose, catalogue and bibliography are not."""
    if "body" in context:
        context["body"] = TYPESET(context["body"], lambda words: TOGETHER.sub(r'<span class="together">\g<0></span>', words))
