"""The graph of the course: all of it, in an order one can follow, and what is already done."""

import networkx as nx
import pytest

from workbook import logbook
from workbook.checks import roadmap
from workbook.checks.registry import chapters, planned
from workbook.checks.roadmap import course_graph, done


def test_whole_course():
    graph = course_graph()

    assert set(graph) == set(planned()) | set(chapters())
    assert {key for key, ready in graph.nodes(data="ready") if ready} == set(chapters())


def test_can_be_followed():
    """Nothing waits for itself, and everything can be reached from the welcome."""
    graph = course_graph()

    assert nx.is_directed_acyclic_graph(graph)
    assert set(graph) == {"ch00"} | nx.descendants(graph, "ch00")


def test_says_it_in_words():
    words = roadmap().words
    rows = {row[0]: row for row in words.rows}

    assert rows["Chapitre 07"][1:3] == (chapters()["ch07"].title, "Chapitre 00")
    assert len(rows) == len(course_graph())


class TestDone:
    @pytest.fixture(autouse=True)
    def small_course(self, monkeypatch, tmp_path):
        monkeypatch.setenv("WORKBOOK_COURSE", "small_course")
        monkeypatch.setenv("WORKBOOK_PROGRESS", str(tmp_path / "progress.jsonl"))

    def test_core_is_enough(self):
        assert done() == set()
        logbook.record("check", "ch90.total", outcome="passed", points=99)

        assert done() == {"ch90"}

    def test_half_a_point_is_not(self):
        logbook.record("check", "ch90.total", outcome="incorrect", points=0)

        assert done() == set()
