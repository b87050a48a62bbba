"""What stands around the text of a page and beside the pages: top and end, what machines read, the search, files, the EPUB."""
