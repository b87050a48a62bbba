"""Make slides for one session on each chapter of the built book: `python -m tools.slides [chapter ...]` after `make book`.

Each chapter becomes `_build/slides/<chapter>.pdf`, to show, and `.pptx`, to edit: its question, the claims before they are
judged, every figure with its finding, the verdicts, what was found, and what to discuss. All of it is taken from the pages.
"""

from __future__ import annotations

import html
import io
import math
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pptx import Presentation
from pptx.util import Inches, Pt

from essay_site.paths import BUILT
from essay_site.published import edition
from tools.browser import opened
from tools.pdf import chapter_names, page_of, words

# Inches, as of a screen.
WIDE, HIGH, MARGIN = 13.333, 7.5, 0.7
# Claims that a class can read on one slide.
CLAIMS = 6
STYLE = f"""
@page {{ size: {WIDE}in {HIGH}in; margin: 0 }}
body {{ margin: 0; font-family: "Source Sans 3", "Noto Sans", sans-serif; color: #23272b }}
section {{ box-sizing: border-box; width: {WIDE}in; height: {HIGH}in; padding: {MARGIN}in; break-after: page; display: flex;
  flex-direction: column; gap: .3in; background: #fdfcfa }}
h1 {{ font-size: 34pt; line-height: 1.15; margin: 0 }}
p, li {{ font-size: 20pt; line-height: 1.35; margin: 0 0 .12in }}
img {{ min-height: 0; flex: 1; width: 100%; object-fit: contain; object-position: left }}
footer {{ font-size: 11pt; color: #5d656d; margin-top: auto }}
"""


class Slide(NamedTuple):
    """One slide: its title, what stands below it, a picture with its description, a line at its foot, and notes."""

    title: str
    lines: Sequence[str] = ()
    picture: Path | None = None
    alt: str = ""
    foot: str = ""
    notes: str = ""


def slides(site: Path, name: str) -> Iterator[Slide]:
    """Yield the slides of a chapter of the built site, in order.

    Raises SystemExit when the page has not been built.
    """
    page = page_of(site, name)
    for hidden in page.select(".headerlink, .visually-hidden"):
        hidden.decompose()
    heading = words(page.h1)
    licence = f"{edition.name()}. Text and figures: CC BY 4.0."
    yield Slide(heading, [words(page.select_one(".deck"))], foot=licence, notes=words(page.select_one("section > p > em")))
    cards = page.select("article.claim")
    claims = [(words(card.select_one(".claim-text")), words(card.select_one(".verdict"))) for card in cards]
    # As even as can be: a claim alone on a slide looks like the one that matters.
    shared = math.ceil(len(claims) / math.ceil(len(claims) / CLAIMS))
    for few in (claims[at : at + shared] for at in range(0, len(claims), shared)):
        yield Slide(
            "What would show each of these claims false?",
            [claim for claim, _ in few],
            notes="In pairs, before anybody opens a card: which record would settle it, and who keeps that record?",
        )
    for figure in page.select("figure.essay-figure"):
        image = figure.select_one(".figure-light img")
        note = words(figure.select_one(".figure-note"))
        credit = words(figure.select_one(".figure-credit"))
        yield Slide(
            words(figure.select_one(".figure-title")),
            picture=(site / "book" / image["src"]).resolve(),
            alt=image["alt"],
            foot=credit,
            notes=f"{note}\n\nWhat the picture shows: {image['alt']}",
        )
    for few in (claims[at : at + shared] for at in range(0, len(claims), shared)):
        yield Slide("What the record says", [f"{verdict}: {claim}" for claim, verdict in few])
    yield Slide("What was found", [words(each) for each in page.select(".found p:not(.found-label)")])
    exercises = [words(each) for each in page.select("li") if words(each).startswith("Discuss.")]
    yield Slide("To discuss", [re.sub(r"^Discuss\. | Hint: .*", "", each) for each in exercises], foot=licence)


def document(deck: list[Slide]) -> str:
    """Return slides as one HTML document, a page each."""

    def section(slide: Slide) -> str:
        lines = "".join(f"<p>{html.escape(line)}</p>" for line in slide.lines)
        picture = f'<img src="{slide.picture.as_uri()}" alt="{html.escape(slide.alt)}">' if slide.picture else ""
        foot = f"<footer>{html.escape(slide.foot)}</footer>" if slide.foot else ""
        return f"<section><h1>{html.escape(slide.title)}</h1><div>{lines}</div>{picture}{foot}</section>"

    title = html.escape(deck[0].title)
    return f'<!doctype html><html lang="en"><title>{title}</title><style>{STYLE}</style>{"".join(map(section, deck))}</html>'


def presentation(deck: list[Slide], pictures: dict[Path, bytes]) -> Presentation:
    """Return slides as a presentation whose words can be edited; `pictures` has each picture as PNG."""
    made = Presentation()
    made.slide_width, made.slide_height = Inches(WIDE), Inches(HIGH)
    made.core_properties.title = deck[0].title
    inner = Inches(WIDE - 2 * MARGIN)
    for slide in deck:
        page = made.slides.add_slide(made.slide_layouts[5])
        page.shapes.title.left, page.shapes.title.top, page.shapes.title.width = Inches(MARGIN), Inches(0.4), inner
        page.shapes.title.height = Inches(1.4)
        write(page.shapes.title.text_frame, [slide.title], 28)
        if slide.lines:
            write(page.shapes.add_textbox(Inches(MARGIN), Inches(2), inner, Inches(4.5)).text_frame, slide.lines, 18)
        if slide.picture:
            shape = page.shapes.add_picture(io.BytesIO(pictures[slide.picture]), Inches(MARGIN), Inches(1.9), height=Inches(4.8))
            shape._element.nvPicPr.cNvPr.set("descr", slide.alt)
            if shape.width > inner:
                shape.height, shape.width = round(shape.height * inner / shape.width), inner
        if slide.foot:
            write(page.shapes.add_textbox(Inches(MARGIN), Inches(6.8), inner, Inches(0.5)).text_frame, [slide.foot], 10)
        if slide.notes:
            page.notes_slide.notes_text_frame.text = slide.notes
    return made


def write(frame, lines: list[str], points: int) -> None:
    """Write lines into a frame of text, a paragraph each, wrapped, in one size."""
    frame.word_wrap = True
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.text = line
        paragraph.font.size = Pt(points)
        paragraph.space_after = Pt(points / 2)


def make(site: Path, output: Path, names: list[str]) -> None:
    """Write the slides of chapters below `output`, as PDF and as PPTX."""
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, opened() as browser:
        for name in names:
            deck = list(slides(site, name))
            source = Path(folder) / f"{name}.html"
            source.write_text(document(deck), encoding="utf-8")
            page = browser.new_page(device_scale_factor=2)
            page.goto(source.as_uri())
            page.pdf(path=output / f"{name}.pdf", prefer_css_page_size=True, print_background=True, tagged=True)
            pictures = {}
            for slide in deck:
                if slide.picture:
                    page.goto(slide.picture.as_uri())
                    pictures[slide.picture] = page.locator("svg").first.screenshot()
            page.close()
            presentation(deck, pictures).save(output / f"{name}.pptx")
            print(f"{output / name}.pdf and .pptx: {len(deck)} slides")


if __name__ == "__main__":
    make(BUILT / "html", BUILT / "slides", sys.argv[1:] or chapter_names())
