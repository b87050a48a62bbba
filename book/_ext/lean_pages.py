"""Pages without a script inside them, and with a policy that forbids any other."""

from __future__ import annotations

from sphinx.application import Sphinx

# Scripts, pictures, fonts and requests from the site itself; styles inside the page are the theme's.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
    )
)


def slim(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    """Drop the scripts inside the page, and let the others wait until it is read."""
    context["content_security_policy"] = POLICY
    if "body" in context:
        # The roles docutils gives a bibliography are deprecated, and its list holds other things besides entries.
        body = context["body"].replace(' role="doc-biblioentry"', "")
        context["body"] = body.replace('<div role="list" class="citation-list">', '<div class="citation-list">')
    if "script_files" not in context:
        return
    # The theme sets two options of its own search and version menu this way; the book uses neither.
    files = [script for script in context["script_files"] if getattr(script, "filename", None)]
    for script in files:
        script.attributes["defer"] = "defer"
    context["script_files"] = files


def setup(app: Sphinx) -> dict:
    """Register with Sphinx."""
    # After the theme has added its scripts.
    app.connect("html-page-context", slim, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
