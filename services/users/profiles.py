"""Profiles: a person's name and address, beside their account; table and schemas."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Text = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]


class Base(DeclarativeBase):
    pass


class Profile(Base):
    __tablename__ = "profiles"
    id: Mapped[str] = mapped_column(primary_key=True)  # the token's sub
    name: Mapped[str]
    email: Mapped[str]


SEEDS = [
    {"id": "alice", "name": "Alice Martin", "email": "alice@example.org"},
    {"id": "bob", "name": "Bob Durand", "email": "bob@example.org"},
    {"id": "admin", "name": "Camille Leroy", "email": "admin@example.org"},
]


class ProfileChange(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    name: Text
    email: Annotated[str, Field(max_length=200, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$")]


class ProfileView(ProfileChange):
    id: Identifier


class ProfilePath(BaseModel):
    id: Identifier
