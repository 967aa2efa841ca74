"""Spreads test files over the workers of pytest-xdist, but the slowest ones test by test.

`--dist loadfile` gives a file to one worker. The notebooks and the answers zoo would then keep one
worker busy long after the others have finished; their tests do not depend on each other.
"""

from xdist.scheduler import LoadFileScheduling

ONE_BY_ONE = ("tests/test_answers.py", "tests/test_notebooks.py")


class Spread(LoadFileScheduling):
    """`loadfile`, where each test of some files is a file of its own."""

    def _split_scope(self, nodeid):
        return nodeid if nodeid.startswith(ONE_BY_ONE) else super()._split_scope(nodeid)
