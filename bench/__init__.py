"""How fast builds are and how heavy pages, beside the template book; kept apart from the tests."""
