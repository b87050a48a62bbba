"""The scale of verdicts, and the parts of the ledger."""

from __future__ import annotations

# Verdict -> its name, and what it means.
VERDICTS = {
    "supported": ("Supported", "The record bears the sentence out."),
    "supported-with-precision-lost": ("Supported, precision lost", "True in substance; a date, number or scope needs repair."),
    "partly": ("Partly", "One part holds and another does not."),
    "contradicted": ("Contradicted", "The record says otherwise."),
    "unsupported": ("Unsupported", "No evidence for it was found where it should be."),
    "opinion": ("Opinion", "A judgement that evidence can inform but not settle."),
    "not-checkable-here": ("Not checkable here", "The pages that could be read do not settle it."),
}

# Verdicts that settle nothing.
UNSETTLED = ("opinion", "not-checkable-here")

# Part of the ledger -> what readers call it, and the page that settles its claims.
PARTS = {
    "intro": ("Introduction", "introduction"),
    "esp": ("Eastern State", "eastern_state"),
    "supermax": ("Supermax", "supermax"),
    "police": ("Police diplomacy", "police"),
    "aid": ("Foreign aid", "police"),
    "privatization": ("Private prisons", "companies"),
    "aca": ("Accreditation", "companies"),
    "cecot": ("CECOT", "cecot"),
    "conclusion": ("Conclusion", "conclusion"),
}
