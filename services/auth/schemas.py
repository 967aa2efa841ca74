"""Schemas of the requests and answers."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field


class Credentials(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    username: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$", examples=["alice"])]
    password: Annotated[str, Field(max_length=1024)]


class Token(BaseModel):
    access_token: str
    token_type: str
    expires_in: Annotated[int, Field(description="secondes")]


class KeySet(BaseModel):
    keys: list[dict[str, Any]]


class Introspected(BaseModel):
    """A token's claims when it is good, and nothing else when it is not."""

    model_config = ConfigDict(extra="allow")
    active: bool


class RotatedKey(BaseModel):
    kid: str


TOKEN_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["token"],
                    "properties": {"token": {"type": "string"}},
                }
            }
        },
    }
}
