"""What machines read of the site: schema.org in its pages, the claims as files, the tables as Croissant."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urldefrag

import mlcroissant
import pytest
import yaml
from bs4 import BeautifulSoup

from essay.verdicts import UNSETTLED, VERDICTS
from essay_site.published import claim_files
from essay_site.theme.pages import DATA
from tests.book import ADDRESSES, PROJECT, facts, soup

SITE = f"{ADDRESSES['BOOK_URL']}/"
AUTHOR = "The authors of How the United States Propagates Punishment"
# No kept library knows, offline, what search engines ask of schema.org, which itself asks for nothing. These are their
# required properties, and of those they recommend what the book can say.
REQUIRED = {
    "Book": {"name", "url"},
    "Article": {"headline", "author", "datePublished", "dateModified", "image", "description", "isPartOf", "url"},
    "WebPage": {"name", "author", "datePublished", "description", "isPartOf", "url"},
    "Dataset": {"name", "description", "license", "creator", "url"},
    "ClaimReview": {"claimReviewed", "reviewRating", "url", "author", "datePublished", "dateModified", "itemReviewed"},
    "Claim": {"author", "appearance"},
    "Rating": {"alternateName"},
    "DataDownload": {"contentUrl", "encodingFormat"},
    "Organization": {"name"},
    "CreativeWork": {"name"},
}
# An article that is only named.
NAMED = {"headline", "datePublished"}


@pytest.fixture(scope="module")
def pages(site) -> dict[str, BeautifulSoup]:
    """All pages for readers: name -> parsed HTML."""
    return {path.stem: soup(path) for path in site.glob("book/*.html")}


@pytest.fixture(scope="module")
def graphs(pages) -> dict[str, list[dict]]:
    """What each page says in the words of schema.org."""
    found = {}
    for name, page in pages.items():
        (block,) = page.find_all("script", type=DATA)
        told = json.loads(block.string)
        assert told["@context"] == "https://schema.org", name
        found[name] = told["@graph"]
    return found


def table(name: str) -> list[dict]:
    with (PROJECT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def things(value) -> list[dict]:
    """Return everything that has a type, at any depth."""
    if isinstance(value, list):
        return [found for each in value for found in things(each)]
    if not isinstance(value, dict):
        return []
    return [*([value] if "@type" in value else []), *things(list(value.values()))]


def lacking(thing: dict) -> set[str]:
    """Return the required properties that a thing lacks, or has empty."""
    wanted = REQUIRED[thing["@type"]]
    if thing["@type"] == "Article" and "url" not in thing:
        wanted = NAMED
    return {name for name in wanted if not thing.get(name)}


def test_everything_has_what_is_required_of_it(graphs):
    seen = set()
    for name, graph in graphs.items():
        for thing in things(graph):
            assert lacking(thing) == set(), f"{name}: {thing}"
            seen.add(thing["@type"])
    assert seen == set(REQUIRED)


@pytest.mark.parametrize("kind", ["Article", "Dataset", "ClaimReview", "Rating"])
def test_the_check_of_what_is_required_bites(graphs, kind):
    thing = next(each for graph in graphs.values() for each in things(graph) if each["@type"] == kind)
    for name in REQUIRED[kind] - {"url"}:
        assert lacking({part: value for part, value in thing.items() if part != name}) == {name}


def test_every_page_is_what_it_is_and_belongs_to_the_book(graphs):
    essay = yaml.safe_load((PROJECT / "_toc.yml").read_text(encoding="utf-8"))["parts"][0]["chapters"]
    chapters = [Path(chapter["file"]).name for chapter in essay]
    for name, (first, *others) in graphs.items():
        if name == "index":
            assert first["@type"] == "Book" and first["@id"] == first["url"] == SITE and not others
            assert first["bookEdition"].removeprefix("version ") in (PROJECT / "CITATION.cff").read_text(encoding="utf-8")
            continue
        assert first["url"] == f"{SITE}book/{name}.html" and first["isPartOf"] == {"@id": SITE}
        assert first["@type"] == ("Article" if name in chapters else "WebPage")
        assert first.get("position") == (chapters.index(name) + 1 if name in chapters else None)
        assert first["author"] == [{"@type": "Organization", "name": AUTHOR}]
        assert first["dateModified"] >= first["datePublished"]


def test_addresses_are_whole_and_lead_to_what_is_there(site, pages, graphs):
    ids = {name: {tag["id"] for tag in page.find_all(id=True)} for name, page in pages.items()}
    led = set()
    for graph in graphs.values():
        for thing in things(graph):
            for name in ("url", "contentUrl", "image"):
                if name in thing:
                    assert thing[name].startswith(SITE), thing
                    led.add(thing[name])
    for address in led:
        path, anchor = urldefrag(address.removeprefix(SITE))
        assert (site / (path or "index.html")).is_file(), address
        assert not anchor or anchor in ids[Path(path).stem], address
    assert len(led) > 150


def test_a_verdict_that_settles_a_claim_is_a_rating_in_the_words_of_the_scale(graphs):
    """The claim is the magazine's, in our words; what settles nothing is no rating, and no word of a claim is only ours."""
    reviews = {name: [thing for thing in graph if thing["@type"] == "ClaimReview"] for name, graph in graphs.items()}
    assert {name for name, found in reviews.items() if found} == {"ledger"}
    told = {review["url"].partition("#ledger-")[2]: review for review in reviews["ledger"]}
    claims = {claim["id"]: claim for claim in table("claims")}
    ours = {id for id, claim in claims.items() if claim["lost_words"] in ("inferred", "unknown")}
    assert set(told) == {id for id, claim in claims.items() if claim["verdict"] not in UNSETTLED} - ours
    assert any(claims[id]["verdict"] not in UNSETTLED for id in ours), "the rule leaves something out"
    (article,) = (source for source in table("sources") if source["key"] == claim_files.ARTICLE)
    assert (article["authors"], article["year"]) == ("TIME", "2025")
    for id, review in told.items():
        name, meaning = VERDICTS[claims[id]["verdict"]]
        assert review["reviewRating"] == {"@type": "Rating", "alternateName": name, "ratingExplanation": meaning}
        assert review["claimReviewed"] == claims[id]["claim"]
        assert review["itemReviewed"]["author"] == {"@type": "Organization", "name": article["authors"]}
        assert review["itemReviewed"]["appearance"]["headline"] == article["title"]


def test_every_table_is_a_data_set_of_the_catalogue(graphs):
    (package,) = (thing for thing in graphs["catalogue"] if thing["@type"] == "Dataset")
    described = json.loads((PROJECT / "data" / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    files = [part["distribution"]["contentUrl"].removeprefix(f"{SITE}data/") for part in package["hasPart"]]
    assert files == [resource["path"] for resource in described]
    assert all(50 <= len(part["description"]) <= 5000 for part in [package, *package["hasPart"]])
    descriptions = {download["contentUrl"].removeprefix(SITE) for download in package["subjectOf"]}
    assert descriptions == {"data/datapackage.json", "data/croissant.json"}


def test_reference_managers_are_told_of_every_page(pages):
    for name, page in pages.items():
        tags = page.find_all("meta", attrs={"name": re.compile("^citation_")})
        told = {tag["name"].removeprefix("citation_"): tag["content"] for tag in tags}
        assert len(told) == len(tags), name
        assert re.fullmatch(r"\d{4}/\d\d/\d\d", told["publication_date"])
        assert told["title"] and told["author"] == AUTHOR and told["public_url"] == f"{SITE}book/{name}.html"
        assert page.find("meta", attrs={"name": "author"})["content"] == AUTHOR
        times = [page.find("meta", property=f"article:{part}_time")["content"] for part in ("published", "modified")]
        assert times[0].replace("-", "/") == told["publication_date"] and times[0] <= times[1]
        assert ("inbook_title" in told) == (name != "index") == ("pdf_url" not in told)


def test_every_claim_is_a_file_that_says_what_table_and_chapters_say(site):
    index = json.loads((site / "claims.json").read_text(encoding="utf-8"))
    rows = {row["id"]: row for row in table("claims")}
    assert [claim["id"] for claim in index["claims"]] == sorted(rows, key=lambda id: int(rows[id]["position"]))
    assert {path.stem for path in (site / "claims").iterdir()} == set(rows)
    assert sum(verdict["claims"] for verdict in index["verdicts"].values()) == len(rows)
    recorded, citations, evidence = facts(), table("claim_citations"), table("claim_evidence")
    receipts = 0
    for listed in index["claims"]:
        claim = json.loads((site / listed["file"]).read_text(encoding="utf-8"))
        row = rows[claim["id"]]
        assert claim["version"] == index["version"] == claim_files.VERSION
        for column in ("claim", "verdict", "finding", "confidence", "evidence_ends", "correction", "copy_drift", "lost_text"):
            assert claim[column] == (row[column] or None), f"{claim['id']}: {column}"
        assert (claim["verdict_name"], claim["verdict_meaning"]) == VERDICTS[row["verdict"]]
        assert claim["settles"] == (row["verdict"] not in UNSETTLED)
        cited = [(each["source_key"], each["role"]) for each in citations if each["claim_id"] == claim["id"]]
        assert [(source["key"], source["role"]) for source in claim["sources"]] == cited
        assert all(source["url"] and source["title"] for source in claim["sources"])
        linked = [each["fact_id"] for each in evidence if each["claim_id"] == claim["id"]]
        assert [receipt["fact"] for receipt in claim["receipts"]] == linked
        for receipt in claim["receipts"]:
            fact = recorded[receipt["fact"]]
            assert {part: receipt[part] for part in ("value", "shown", "how")} == {p: fact[p] for p in ("value", "shown", "how")}
        behind = {name for receipt in claim["receipts"] for name in receipt["tables"]}
        assert {each["name"] for each in claim["tables"]} == behind
        receipts += len(linked)
    assert receipts == len(evidence) > 40


def test_a_receipt_that_no_page_has_is_warned_of(monkeypatch):
    said = []
    monkeypatch.setattr(claim_files.logger, "warning", lambda words, *parts, **_: said.append(words % parts))
    app = SimpleNamespace(env=SimpleNamespace(), config=SimpleNamespace(html_baseurl=""))
    assert [claim["receipts"] for claim in claim_files.made(app)] == [[]] * len(table("claims"))
    assert len(said) == len(table("claim_evidence")) and "esp-wings, which no page computes" in " ".join(said)


def test_the_checksums_of_claims_are_those_of_the_files_beside_them(site):
    checked = set()
    for path in [site / "claims.json", *(site / "claims").iterdir()]:
        for each in json.loads(path.read_text(encoding="utf-8"))["tables"]:
            if each["name"] not in checked:
                assert hashlib.sha256((site / each["file"]).read_bytes()).hexdigest() == each["sha256"], each["name"]
            checked.add(each["name"])
    assert len(checked) > 10


def test_every_card_leads_to_its_claim_as_a_file(site, pages):
    cards = 0
    for page in pages.values():
        for card in page.select("article.claim"):
            (link,) = card.select("a.claim-json")
            assert link["href"] == f"../claims/{card.select_one('.claim-id').get_text()}.json"
            assert (site / "book" / link["href"]).is_file()
            cards += 1
    assert cards >= 2 * len(table("claims"))


def test_the_method_names_all_that_the_files_of_claims_hold(site, pages):
    said = {code.get_text() for code in pages["method"].select("section#claims-for-machines code")}
    claim = json.loads((site / "claims" / "esp-05.json").read_text(encoding="utf-8"))
    assert set(claim) | set(claim["receipts"][0]) <= said


def test_the_tables_are_described_as_croissant(site):
    """The library that reads the format finds no fault in it, every table, and the columns of each."""
    path = site / "data" / "croissant.json"
    package = json.loads((site / "data" / "datapackage.json").read_text(encoding="utf-8"))
    described = mlcroissant.Dataset(path, mapping={each["path"]: site / "data" / each["path"] for each in package["resources"]})
    issues = described.metadata.ctx.issues
    assert (issues.errors, issues.warnings) == (set(), set())
    assert described.metadata.cite_as.startswith("@misc{") and AUTHOR in described.metadata.cite_as
    assert described.metadata.url == f"{SITE}data/"
    for resource in package["resources"]:
        row = next(iter(described.records(resource["name"])))
        assert list(row) == [f"{resource['name']}/{field['name']}" for field in resource["schema"]["fields"]]
    assert [each.name for each in described.metadata.record_sets] == [each["name"] for each in package["resources"]]


def test_the_checksums_of_croissant_are_those_of_the_files(site):
    files = json.loads((site / "data" / "croissant.json").read_text(encoding="utf-8"))["distribution"]
    for file in files:
        content = (site / "data" / file["name"]).read_bytes()
        assert file["sha256"] == hashlib.sha256(content).hexdigest() and file["contentSize"] == f"{len(content)} B"
        assert file["contentUrl"] == f"{SITE}data/{file['name']}"
    shipped = {path.name for path in (site / "data").iterdir()} - {"croissant.json", "datapackage.json"}
    assert {file["name"] for file in files} == shipped
