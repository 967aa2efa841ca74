"""The credential of a run: what its own processes show one another, and nobody else has."""

from __future__ import annotations

import hashlib
import hmac
import secrets

HEADER = "X-Run-Credential"


class Credential:
    """One secret a run; its services have it as RUN_CREDENTIAL (services/chassis/credential.py).

    Its shape is told apart from any other text, so that a log can hide it.
    """

    def __init__(self) -> None:
        self.secret = f"run_{secrets.token_urlsafe(32)}"

    def shown_to(self, service: str) -> dict[str, str]:
        """The headers that open the inner doors of `service`, and of no other."""
        key = hmac.new(self.secret.encode(), service.encode(), hashlib.sha256)
        return {HEADER: key.hexdigest()}
