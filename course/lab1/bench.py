"""What the checks of lab 1 share: the design deployed once a check."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from course.lab1.deployment import Deployment

if TYPE_CHECKING:
    from course.lab1.design import Design
    from workbook.checks import Harness


def deployed(harness: Harness, design: Design, *, wired: bool = True) -> Deployment:
    """The design's processes, started once a check; without its links when not `wired`."""
    if not wired:
        design = {
            name: replace(service, calls=(), publishes=(), listens=())
            for name, service in design.items()
        }
    return harness.kept(
        "deployed", lambda: harness.closing.enter_context(Deployment(harness.shop, design))
    )
