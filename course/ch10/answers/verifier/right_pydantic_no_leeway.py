import time
from typing import Literal

import jwt
from jwt.api_jws import PyJWS
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator


class Claims(BaseModel):
    """Ce qu’orders exige ; le reste passe tel quel."""

    model_config = ConfigDict(extra="allow")

    iss: Literal["auth"]
    aud: str | list[str]
    sub: str
    exp: float
    nbf: float = 0

    @field_validator("aud")
    @classmethod
    def for_orders(cls, aud):
        if aud != "orders" and (isinstance(aud, str) or "orders" not in aud):
            raise ValueError("pour un autre service")
        return aud

    @field_validator("exp")
    @classmethod
    def still_alive(cls, exp):
        if exp <= time.time():
            raise ValueError("expiré")
        return exp

    @field_validator("nbf")
    @classmethod
    def already_born(cls, nbf):
        if nbf > time.time():
            raise ValueError("pas encore valable")
        return nbf


class Verifier:
    """Vérifie les jetons destinés à orders. L’écart d’une minute, permis, n’est pas pris."""

    def __init__(self, fetch_keys):
        self.fetch_keys = fetch_keys
        self.keys = {}  # kid → clé
        self._jws = PyJWS(algorithms=["RS256"])

    def verify(self, token):
        """Les déclarations d’un bon jeton ; une exception de PyJWT pour tout autre."""
        try:
            kid = self._jws.get_unverified_header(token)["kid"]
            key = self.keys[kid] if kid in self.keys else self._read_again()[kid]
            payload = self._jws.decode(token, key, algorithms=["RS256"])
            return Claims.model_validate_json(payload).model_dump(exclude_unset=True)
        except jwt.PyJWTError:
            raise
        except ValidationError as error:
            raise jwt.InvalidTokenError(str(error)) from error
        except Exception as error:
            raise jwt.InvalidTokenError("jeton refusé") from error

    def _read_again(self):
        rsa = jwt.get_algorithm_by_name("RS256")
        published = self.fetch_keys()["keys"]
        self.keys = {k["kid"]: rsa.from_jwk(k) for k in published if k.get("kty") == "RSA"}
        return self.keys
