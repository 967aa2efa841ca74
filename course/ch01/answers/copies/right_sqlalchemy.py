# the ORM, on the database that the service was given.
import os

from flask import Flask, abort, request
from sqlalchemy import JSON, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

app = Flask("caisse")
engine = create_engine(os.environ["DATABASE_URL"])


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"
    __table_args__ = {"sqlite_autoincrement": True}
    number: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[dict] = mapped_column(JSON)


@app.before_request
def prepare():
    Base.metadata.create_all(engine)


@app.post("/orders")
def place_order():
    with Session(engine) as session, session.begin():
        order = Order(body=request.get_json())
        session.add(order)
        session.flush()
        return {"number": order.number}, 201


@app.get("/orders/<int:number>")
def show_order(number):
    with Session(engine) as session:
        order = session.get(Order, number)
        return order.body if order else abort(404)
