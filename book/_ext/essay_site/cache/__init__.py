"""When a page is read and its notebook run again, and what a build does after one that was killed."""
