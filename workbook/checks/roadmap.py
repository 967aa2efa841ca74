"""The course as a graph of what is better done before what, from the front matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.checks.chapter import chapter_name
from workbook.checks.progress import progress
from workbook.checks.registry import chapters, planned

if TYPE_CHECKING:
    import networkx as nx

    from workbook.views.canvas.picture import Picture

TITLE = "Le cours, et ce qu’il vaut mieux avoir fait avant"


def roadmap(theme: str = "light") -> Picture:
    """Draw the chapters and labs; those whose core exercises the learner passed are marked."""
    from workbook.views.charts.roadmap import roadmap as drawn

    return drawn(course_graph(), title=TITLE, done=done(), theme=theme)


def course_graph() -> nx.DiGraph:
    """Every chapter and lab, `ready` or still planned, an edge to each that it prepares."""
    import networkx as nx

    written = chapters()
    course = {**planned(), **written}
    graph = nx.DiGraph()
    for key in sorted(course):
        label = course[key].title
        graph.add_node(key, name=chapter_name(key), label=label, ready=key in written)
    # A way through the course may go without a chapter that another is better done after.
    before = ((one, key) for key, found in course.items() for one in found.after if one in course)
    graph.add_edges_from(before)
    return graph


def done() -> set[str]:
    """The chapters whose core exercises are all passed."""
    core = {
        key: [line.state for line in lines if line.tier == "core"]
        for key, lines in progress().chapters.items()
    }
    return {key for key, states in core.items() if states and set(states) == {"réussi"}}
