import os
from uuid import uuid4

from flask import Flask, abort, jsonify, request
from flask.views import MethodView
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

app = Flask(__name__)
engine = create_engine(os.environ["DATABASE_URL"])


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "lab3_orders"
    id: Mapped[str] = mapped_column(primary_key=True)
    sku: Mapped[str]
    quantity: Mapped[int]

    def public(self):
        shown = {"id": self.id, "sku": self.sku, "quantity": self.quantity}
        return shown


Base.metadata.create_all(engine)


class Orders(MethodView):
    def get(self):
        with Session(engine) as session:
            return jsonify(orders=[order.public() for order in session.scalars(select(Order))])

    def post(self):
        sku, quantity = self._asked()
        with Session(engine) as session:
            order = Order(id=uuid4().hex, sku=sku, quantity=quantity)
            session.add(order)
            session.commit()
            return order.public(), 201

    def _asked(self):
        body = request.get_json(silent=True)
        try:
            sku, quantity = body["sku"], body["quantity"]
        except (TypeError, KeyError, IndexError):
            abort(422)
        if not (isinstance(sku, str) and sku and type(quantity) is int and quantity > 0):
            abort(422)
        return sku, quantity


class OneOrder(MethodView):
    def get(self, id):
        with Session(engine) as session:
            order = session.get(Order, id)
            return order.public() if order else abort(404)


app.add_url_rule("/orders", view_func=Orders.as_view("orders"))
app.add_url_rule("/orders/<id>", view_func=OneOrder.as_view("order"))
