"""The small library that every chapter of the book imports.

Import the modules you use (`from essay import tables, facts`), never names through this file:
the build re-runs a chapter when a module it imports changes, and only then.
"""

from essay import fontlist

# Here, because a chapter may import any module first.
fontlist.prepare()
