import threading
from datetime import timedelta
from types import MappingProxyType

import jwt
from jwt.exceptions import InvalidTokenError, PyJWKSetError, PyJWTError


class KeyRing:
    """Les clés publiées, remplacées d’un bloc."""

    def __init__(self, fetch):
        self._fetch = fetch
        self._lock = threading.Lock()
        self.snapshot = MappingProxyType({})

    def __getitem__(self, kid):
        seen = self.snapshot
        if kid in seen:
            return seen[kid]
        with self._lock:
            if self.snapshot is seen:  # sinon, un autre fil vient de relire
                self.snapshot = MappingProxyType(self._read())
        return self.snapshot[kid]

    def _read(self):
        document = self._fetch()
        try:
            keys = jwt.PyJWKSet.from_dict(document).keys
        except PyJWKSetError:
            keys = []  # plus aucune clé : plus rien n’est prouvé
        return {key.key_id: key for key in keys}


class Verifier:
    """Vérifie les jetons destinés à orders."""

    POLICY = {
        "algorithms": ("RS256",),
        "issuer": "auth",
        "audience": {"orders"},
        "leeway": timedelta(seconds=60),
        "options": {"require": ["exp", "sub", "iss", "aud"]},
    }

    def __init__(self, fetch_keys):
        self.fetch_keys = fetch_keys
        self.ring = KeyRing(lambda: self.fetch_keys())

    @property
    def keys(self):
        return self.ring.snapshot

    def verify(self, token):
        """Les déclarations d’un bon jeton ; une exception de PyJWT pour tout autre."""
        try:
            header = jwt.get_unverified_header(token)
            return jwt.decode_complete(token, self.ring[header["kid"]], **self.POLICY)["payload"]
        except PyJWTError:
            raise
        except Exception as error:
            raise InvalidTokenError(type(error).__name__) from error
