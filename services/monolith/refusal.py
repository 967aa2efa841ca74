"""Refusal: why an order cannot be, whichever module says so."""


class Refusal(Exception):
    """`reason`: stock | payment; `status`: the HTTP status of the answer; `detail`: in French."""

    def __init__(self, reason, status, detail):
        super().__init__(detail)
        self.reason, self.status, self.detail = reason, status, detail
