"""Errors a learner reads: one French message, no traceback in the notebook."""

from __future__ import annotations


class WorkbookError(Exception):
    """Something to tell the learner, in words that say what to do next."""

    def _render_traceback_(self) -> list[str]:
        """IPython's own hook: the message is enough."""
        return [str(self)]
