"""Admission books A, B and D of Eastern State, 1830-1850: one row a prisoner, without names."""

import pandas as pd

import _tidy
from _table import Table, covers, field, holds

READS = {
    "Yes": "yes",
    "Reads": "yes",
    "No": "no",
    "A little": "a little",
    "reads a little": "a little",
    "German": "another language",
    "Dutch": "another language",
    "Danish": "another language",
    "French & German": "another language",
}

TABLE = Table(
    title="Prisoners received at Eastern State, admission books A, B and D",
    description="Prisoners entered by the prison's moral instructor between 1830 and 1850, names removed before the "
    "data reached this project.",
    row="one prisoner received",
    sources=["esp-admission-books"],
    primary_key=["book", "prisoner_number"],
    rules=[
        holds("admission_year is not the year of admission_date", "admission_year = SUBSTR(admission_date, 1, 4) + 0"),
        covers("admission_date", "1830-04-24", "1850-04-15"),
    ],
    caveats=[
        "Use Books B and D for rates. Book A holds under half of its numbers and was written up later, so long "
        "sentences and deaths are over-represented (survivorship).",
        "A blank race in the manuscript probably meant white to the writer; that is an inference, so 'not stated' is kept apart.",
        "Outcomes are unknown for prisoners whose line has no discharge note.",
        "The notes are one man's judgement of people who could not answer them.",
        "Deaths and pardons are per prisoner, not per year at risk; longer sentences raise exposure to both.",
        "Prisoner numbers 1678-1940 (Book C, roughly 1843-1845) are missing.",
    ],
    fields=[
        field("book", "string", "Admission book", required=True, enum=["A", "B", "D"]),
        field(
            "prisoner_number", "integer", "Number given at admission, in order of arrival", required=True, minimum=1, maximum=2600
        ),
        field("admission_date", "date", "Date received; blank where unreadable or impossible"),
        field("admission_year", "integer", "Year received", "year", minimum=1829, maximum=1850),
        field("age", "integer", "Age as recorded", "years", minimum=8, maximum=99),
        field("sex", "string", "As recorded; Book B has no such column", enum=["Male", "Female"]),
        field(
            "race_as_recorded",
            "string",
            "Race word found in the manuscript's own wording",
            required=True,
            enum=["Black", "Mulatto", "White", "Indian (part)", "not stated"],
        ),
        field(
            "offence",
            "string",
            "Offence, grouped by the compilers",
            required=True,
            enum=[
                "larceny/receiving",
                "burglary",
                "forgery/counterfeit/fraud",
                "homicide",
                "livestock theft",
                "other violence",
                "sexual/morals/marriage",
                "public order/justice",
                "robbery",
                "arson",
                "other",
                "not stated",
            ],
        ),
        field("sentence_months", "number", "Sentence", "months", minimum=1, maximum=600),
        field("reads", "string", "Whether the prisoner reads", enum=["yes", "a little", "another language", "no"]),
        field(
            "outcome",
            "string",
            "How the stay ended, grouped by the compilers from the discharge note",
            required=True,
            enum=[
                "discharged/time served",
                "pardoned",
                "died",
                "released by court order",
                "removed/transferred",
                "escaped",
                "note only, release type not stated",
                "not stated",
            ],
        ),
    ],
)


def build() -> pd.DataFrame:
    """Return one row a prisoner, sorted by book and number."""
    raw = _tidy.read_csv("esp-admission-books/esp_prisoners_1830_1850_no_names.csv.gz")
    raw = raw.rename(columns={"offense_group": "offence"})
    for column in ["prisoner_number", "admission_year", "age"]:
        raw[column] = _tidy.whole(raw[column])
    raw["race_as_recorded"] = raw["race_as_recorded"].str.removesuffix(" as recorded")
    raw["reads"] = raw["reads"].map(READS, na_action="ignore")
    return raw[[f["name"] for f in TABLE.fields]].sort_values(["book", "prisoner_number"])
