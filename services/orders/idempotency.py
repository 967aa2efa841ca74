"""Idempotency keys: a client that asks again gets the same order and the same answer.

The key is claimed in the transaction that creates the order, and belongs to one user: nobody can
read another's order by guessing a key. The first answer is kept and given again, word for word,
even a 202 whose order has ended since: GET /orders/<id> has its state. The same key for another
request is a 422. Source: draft-ietf-httpapi-idempotency-key-header.
"""

import hashlib

from flask import abort

from services.orders.models import IdempotencyKey, database


class KeyedRequest:
    """A request to place an order, and its idempotency key; without one it is a new order."""

    def __init__(self, user_id, key, body):
        self.user_id, self.key = user_id, key
        self.fingerprint = hashlib.sha256(body.model_dump_json().encode()).hexdigest()

    def known_order(self):
        """The order this key is already tied to, or None."""
        if self.key is None:
            return None
        with database.reading() as session:
            row = session.get(IdempotencyKey, (self.user_id, self.key))
            return row and self._order_of(row)

    def claim(self, session, order_id):
        """Tie the key to `order_id` unless it has an order; returns the order it is tied to."""
        if self.key is None:
            return order_id
        row = database.claim(session, IdempotencyKey, user_id=self.user_id, key=self.key)
        if not row.order_id:
            row.order_id, row.fingerprint = order_id, self.fingerprint
        return self._order_of(row)

    def kept_answer(self, status, body):
        """Keep this answer for the key unless it has one; returns the one that is kept."""
        if self.key is None:
            return status, body
        with database.transaction() as session:
            row = database.claim(session, IdempotencyKey, user_id=self.user_id, key=self.key)
            if row.status is None:
                row.status, row.answer = status, body
            return row.status, row.answer

    def _order_of(self, row):
        if row.fingerprint != self.fingerprint:
            abort(422, "Cette clé d’idempotence a déjà servi pour une autre commande.")
        return row.order_id
