"""All that knows the theme from within, and so all that an upgrade of the theme can break, with `book/_templates`."""
