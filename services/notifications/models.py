"""Notifications' table: the messages sent."""

from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.chassis.database import Database
from services.chassis.events import Events


class Base(DeclarativeBase):
    pass


class Notification(Base):
    """A message sent. Nothing here forbids two of a kind for one order: that is the inbox's job."""

    __tablename__ = "notifications"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    order_id: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    recipient: Mapped[str] = mapped_column(String(255), index=True)
    text: Mapped[str]
    sent_at: Mapped[str] = mapped_column(String(32))

    def as_dict(self):
        return {column.key: getattr(self, column.key) for column in self.__table__.columns}


database = Database(Base)
events = Events(database)
