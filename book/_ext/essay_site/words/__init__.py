"""The words of a page: links to receipts and to the glossary, openings, folded code."""
