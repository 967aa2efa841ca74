"""Schemas of the requests and answers."""

from typing import Annotated

from pydantic import BaseModel, Field


class Filter(BaseModel):
    order_id: Annotated[str | None, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")] = None


class NotificationLine(BaseModel):
    id: str
    order_id: str
    kind: str
    recipient: str
    text: str
    sent_at: str


class NotificationList(BaseModel):
    notifications: list[NotificationLine]
