import heapq
from collections import defaultdict
from itertools import count


class Copy:
    """Un tas par client ; la plus grande version est en haut."""

    def __init__(self):
        self._heaps = defaultdict(list)
        self._ticket = count()

    def on_event(self, event):
        entry = (-event["version"], next(self._ticket), event.get("name"))
        heapq.heappush(self._heaps[event["customer"]], entry)

    def name(self, customer):
        """Le nom du client, ou None."""
        heap = self._heaps.get(customer)
        if not heap:
            return None
        return heap[0][2]
