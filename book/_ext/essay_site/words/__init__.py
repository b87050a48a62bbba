"""The words of a page: its spelling in notebooks, links to receipts, works and the glossary, openings, folded code."""
