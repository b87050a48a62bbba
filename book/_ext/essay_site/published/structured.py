"""What machines read of a page: JSON-LD in the words of schema.org, and `citation_` tags for reference managers.

All of it names addresses, so a book without BOOK_URL has the tags without them and no JSON-LD. A verdict is a ClaimReview
only where it settles the claim, so that an opinion, or a claim that could not be checked here, has no rating, and only where
the magazine's words are known: what we supplied for a hole of the copy is not to be rated in its name. The words of the scale
are the rating; they are no steps of one ladder, so there is no number beside them.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from essay_site.data import croissant
from essay_site.data.descriptors import resources, rows
from essay_site.notes import notes
from essay_site.published import claim_files, edition
from essay_site.published.claim_files import LICENCE, UNSETTLED, VERDICTS
from essay_site.published.page_meta import card, written
from essay_site.theme.pages import data_block
from essay_site.words import openings

LANGUAGE = "en-GB"


def describe(app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Add what machines read to the head of a page."""
    if doctree is None or app.builder.name != "html":
        return
    site = app.config.html_baseurl
    title, day = app.env.titles[page].astext(), edition.updated(Path(app.env.doc2path(page)))
    front = page == app.config.root_doc
    address = site + app.builder.get_target_uri(page) if site else ""
    tags = [
        ("title", title),
        *(("author", name) for name in edition.authors()),
        ("publication_date", edition.citation()["date-released"].strftime("%Y/%m/%d")),
        ("language", "en"),
        ("inbook_title", "" if front else edition.name()),
        ("doi", edition.citation().get("doi", "")),
        ("public_url", address),
        ("pdf_url", f"{site}book.pdf" if site and front else ""),
    ]
    context["metatags"] += written(("name", f"citation_{name}", content) for name, content in tags)
    if site:
        told = graph(app, page, title, address, day)
        context["metatags"] += data_block(json.dumps({"@context": "https://schema.org", "@graph": told}, ensure_ascii=False))


def graph(app: Sphinx, page: str, title: str, address: str, day: date) -> list[dict]:
    """Return what schema.org has words for on a page: the book, a chapter, its verdicts, its tables."""
    site = app.config.html_baseurl
    essay = next((pages for _, pages in openings.parts(app)), [])
    if page == app.config.root_doc:
        return [book(site, day)]
    found = notes(app.env, "about")[page]
    told = [
        {
            "@type": "Article" if page in essay else "WebPage",
            "@id": address,
            "url": address,
            "headline" if page in essay else "name": title,
            "description": found.description,
            "image": site + card(page),
            **made(day),
            "isPartOf": {"@id": site},
            **({"position": essay.index(page) + 1} if page in essay else {}),
        },
        {"@type": "Book", "@id": site, "name": edition.name(), "url": site},
    ]
    if page == "book/ledger":
        told += reviews(address, day)
    if page == "book/catalogue":
        told.append(data_set(site, address))
    return told


def made(day: date) -> dict:
    """Return by whom, when and on what terms something was made that last changed on a day."""
    released = edition.citation()["date-released"]
    return {
        "author": creators(),
        "datePublished": released.isoformat(),
        "dateModified": day.isoformat(),
        "inLanguage": LANGUAGE,
        "license": LICENCE,
    }


def creators() -> list[dict]:
    """Return the authors."""
    return [{"@type": "Organization", "name": name} for name in edition.authors()]


def book(site: str, day: date) -> dict:
    """Return the book."""
    told = edition.citation()
    article = claim_files.article()
    return {
        "@type": "Book",
        "@id": site,
        "url": site,
        "name": edition.name(),
        "description": " ".join(told["abstract"].split()),
        "bookEdition": f"version {told['version']}",
        "bookFormat": "https://schema.org/EBook",
        "keywords": told["keywords"],
        **made(day),
        "about": {"@type": "Article", "headline": article["title"], "datePublished": article["year"], "author": magazine()},
        **({"identifier": f"https://doi.org/{told['doi']}"} if "doi" in told else {}),
    }


def magazine() -> dict:
    """Return who made the claims."""
    return {"@type": "Organization", "name": claim_files.article()["author"]}


def reviews(address: str, day: date) -> list[dict]:
    """Return the verdicts that settle a claim of which no word is ours, each at its card in a ledger that changed on a day."""
    article = claim_files.article()
    return [
        {
            "@type": "ClaimReview",
            "url": f"{address}#ledger-{claim['id']}",
            "datePublished": edition.citation()["date-released"].isoformat(),
            "dateModified": day.isoformat(),
            "claimReviewed": claim["claim"],
            "itemReviewed": {
                "@type": "Claim",
                "author": magazine(),
                "appearance": {"@type": "Article", "headline": article["title"], "datePublished": article["year"]},
            },
            "author": creators(),
            "reviewRating": {
                "@type": "Rating",
                "alternateName": VERDICTS[claim["verdict"]][0],
                "ratingExplanation": VERDICTS[claim["verdict"]][1],
            },
        }
        for claim in rows("claims")
        if claim["verdict"] not in UNSETTLED and claim["lost_words"] in (None, "recovered")
    ]


def data_set(site: str, address: str) -> dict:
    """Return the data package: all tables, and its descriptions for machines."""
    released = edition.citation()["date-released"].isoformat()
    descriptions = (("datapackage.json", "application/json"), (croissant.FILE, "application/ld+json"))
    return {
        "@type": "Dataset",
        "url": address,
        "name": f"{edition.name()}: tables",
        "description": "The tables behind the book, each with its columns, sources, caveats and licence.",
        "creator": creators(),
        "datePublished": released,
        "license": LICENCE,
        "isAccessibleForFree": True,
        "isPartOf": {"@id": site},
        "subjectOf": [
            {"@type": "DataDownload", "contentUrl": f"{site}data/{name}", "encodingFormat": kind} for name, kind in descriptions
        ],
        "hasPart": [table(resource, site, address) for resource in resources()],
    }


def table(resource: dict, site: str, address: str) -> dict:
    """Return one table."""
    licences = [licence.get("path") or {"@type": "CreativeWork", "name": licence["title"]} for licence in resource["licenses"]]
    return {
        "@type": "Dataset",
        "url": f"{address}#{resource['name']}",
        "name": resource["title"],
        "description": f"{resource['description']} Each row is {resource['row']}.",
        "license": licences,
        "creator": creators()
        if "recipe" not in resource
        else [{"@type": "Organization", "name": source["publisher"]} for source in resource["sources"]],
        "distribution": {
            "@type": "DataDownload",
            "contentUrl": f"{site}data/{resource['path']}",
            "encodingFormat": resource["mediatype"],
        },
    }
