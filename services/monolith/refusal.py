"""Refusal: the exception that rejects an order, raised by stock and payments."""


class Refusal(Exception):
    """`reason`: stock | payment; `detail`: in French."""

    def __init__(self, reason, detail):
        super().__init__(detail)
        self.reason, self.detail = reason, detail
