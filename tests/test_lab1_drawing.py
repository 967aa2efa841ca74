"""A design of lab 1 as it is drawn: the learner's own words, accents included."""

import pytest

from course.lab1.design import read
from course.lab1.drawing import drawn, graph_of
from workbook.checks import Incorrect, registry

SHOP = {
    "paiements": {"domaine": "paiements", "publie": [" paiement.accepté "]},
    "rappels": {"domaine": "rappels", "ecoute": ["Paiement.Accepte"]},
    "colis": {"domaine": "livraison", "ecoute": ["PAIEMENT.ACCEPTÉ"]},
}


def keys(graph, *kinds):
    return {tuple(d["routing_key"]) for *_, d in graph.edges(data=True) if d["kind"] in kinds}


class TestEvents:
    def test_publisher_spells(self):
        """One event, one name, on every arrow: its publisher's."""
        graph = graph_of(read(SHOP), "Ma boutique")

        assert keys(graph, "publish", "binding") == {("paiement.accepté",)}

    def test_nobody_publishes(self):
        """Then it is drawn as the listener wrote it."""
        graph = graph_of(read({"colis": {"domaine": "livraison", "ecoute": ["Reçu.Imprimé"]}}), "")

        assert keys(graph, "binding") == {("Reçu.Imprimé",)}

    def test_drawn_and_said(self):
        picture = drawn(read(SHOP), "Ma boutique")

        labels = [label.text for label in picture._scene.labels if label.text]
        assert "paiement.accepté" in labels
        assert "paiement.accepte" not in " ".join(labels)
        assert "paiement.accepté" in picture.words.html()

    def test_named_in_a_finding(self):
        """A card speaks of the event with its accents as well."""
        step = registry.find("lab1.links").steps[0]
        lonely = {"colis": {"domaine": "livraison", "ecoute": ["reçu.imprimé"]}}

        with pytest.raises(Incorrect) as told:
            step.function(None, lonely)
        assert "reçu.imprimé" in told.value.finding.seen
