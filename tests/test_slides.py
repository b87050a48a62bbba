"""Slides of a chapter hold its figures, findings and claims, to show and to edit alike."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from pptx import Presentation
from pypdf import PdfReader

from tests.book import PROJECT, recorded
from tools import pdf

NAME = "supermax"
FIGURES = [figure for name, figure in recorded("figure") if name == f"{NAME}.ipynb"]
CLAIMS = [claim for name, claim in recorded("claims") if name == f"{NAME}.ipynb"]


@pytest.fixture(scope="module")
def decks(site, tmp_path_factory, browser):
    """The slides of one chapter as text by slide: what is shown, and the presentation to edit."""
    output = tmp_path_factory.mktemp("slides")
    # In a process of its own, as this one has a browser open.
    command = "import pathlib, sys; from tools import slides; slides.make(*map(pathlib.Path, sys.argv[1:3]), sys.argv[3:])"
    subprocess.run([sys.executable, "-c", command, site, output, NAME], cwd=PROJECT, check=True)
    assert sorted(path.name for path in output.iterdir()) == [f"{NAME}.pdf", f"{NAME}.pptx"]
    return PdfReader(output / f"{NAME}.pdf"), Presentation(output / f"{NAME}.pptx")


def test_each_chapter_has_its_own():
    assert pdf.chapter_names() == ["eastern_state", "supermax", "police", "companies", "cecot"]


def test_what_is_shown_is_what_can_be_edited(decks):
    shown, edited = decks
    titles = [slide.shapes.title.text for slide in edited.slides]
    assert len(shown.pages) == len(titles)
    for page, title in zip(shown.pages, titles, strict=True):
        assert re.sub(r"\s", "", title) in re.sub(r"\s", "", page.extract_text())


def test_every_figure_has_its_finding_picture_description_and_source(decks):
    slides = {slide.shapes.title.text: slide for slide in decks[1].slides}
    assert len(FIGURES) >= 5
    for figure in FIGURES:
        slide = slides[figure["title"]]
        picture = next(shape for shape in slide.shapes if shape.shape_type is not None and hasattr(shape, "image"))
        assert picture._element.nvPicPr.cNvPr.get("descr") == figure["alt"]
        assert picture.left + picture.width <= decks[1].slide_width
        assert picture.top + picture.height <= decks[1].slide_height
        assert "Source" in slide.shapes[-1].text_frame.text
        assert figure["caption"].split(".")[0] in slide.notes_slide.notes_text_frame.text


def test_every_claim_is_asked_before_its_verdict(decks):
    texts = ["\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame) for slide in decks[1].slides]
    asked = [line for text in texts if text.startswith("What would show") for line in text.splitlines()[1:]]
    told = [line for text in texts if text.startswith("What the record says") for line in text.splitlines()[1:]]
    assert asked == [line.partition(": ")[2] for line in told] and len(asked) == len(CLAIMS)
