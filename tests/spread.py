"""Spreads test files over the workers of pytest-xdist: the longest first, in smaller parts.

`--dist loadfile` gives a file to one worker, the one with most tests first. The notebooks and the
answers zoo would then keep one worker busy long after the others have finished: each notebook, and
the answers to each exercise, are a part of their own, and what takes longest begins first.
"""

from xdist.scheduler import LoadFileScheduling

# Those that mostly wait and those that mostly compute in turn, so that both cores have work.
LONGEST = (
    "tests/test_answers.py::test_answers[ch07.idempotent",
    "tests/test_lab5_wheel.py",
    "tests/test_grading_class.py",
    "tests/test_chaos.py",
    "tests/test_answers.py::test_answers[ch07.consume",
    "tests/browser/test_chapter_00.py",
    "tests/test_answers.py::test_answers[ch07.poison",
    "tests/test_notebooks.py::test_only_unanswered_checks_fail",
    "tests/test_answers.py::test_answers[ch07.publish",
    "tests/test_notebooks.py",
    "tests/services/test_saga.py",
    "tests/services/test_order_descriptions.py",
    "tests/test_answers.py",
)


def turn(item):
    """When the test comes: its place in `LONGEST`, then the order in which they were found."""
    starts = map(item.nodeid.startswith, LONGEST)
    return next((place for place, starts_so in enumerate(starts) if starts_so), len(LONGEST))


class Spread(LoadFileScheduling):
    """`loadfile`, where a notebook, or the answers to an exercise, count as a file."""

    def __init__(self, config, log):
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid):
        if nodeid.startswith("tests/test_notebooks.py"):
            return nodeid
        if nodeid.startswith("tests/test_answers.py"):
            return nodeid.rpartition("/")[0]  # …[ch07.publish/right_kept_connection]
        return super()._split_scope(nodeid)
