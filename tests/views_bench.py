"""A shop that only writes down what the map's buttons ask of it."""

from tests.views_graphs import healthy


class Bench:
    """What the buttons act on: writes down what it was asked, and may refuse."""

    def __init__(self):
        self.closed = False
        self.graph = healthy()
        self.asked = []
        self.looks = 0

    def look(self):
        self.looks += 1
        return self.graph

    def __getattr__(self, action):
        return lambda *arguments: self.asked.append((action, *arguments))
