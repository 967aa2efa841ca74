"""Flow: the interface of the two ways to see an order through, saga.py and choreography.py."""

from typing import Protocol


class Flow(Protocol):
    """Moves an order from PENDING to its end. SAGA chooses the one that orders uses."""

    mandatory: bool  # whether another service must consume order.created for the order to advance

    def prepare(self, order_id, total_cents, card):
        """Before the order exists; returns the card to keep with it, or None."""

    def begin(self, session, order_id):
        """Open the order's saga, in the transaction that creates the order."""

    def run(self, order_id):
        """Advance the order as far as it goes now; may be called again at any time."""
