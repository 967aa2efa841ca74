"""The small services of the chapter, as programs that the shop runs as real processes.

`carnet` owns the customers, `ventes` the sales and a copy of the names; `bloc` keeps all of it in
one database. `till` is a service that dies; what it does with an order is the learner's to write.
"""

from textwrap import indent

QUEUE = "ventes.annoncees"
TILL_DATABASE = "caisse.db"

_TILL = """
import json
import os
import sqlite3
from contextlib import closing, contextmanager

import pika
from flask import Flask, request

app = Flask(__name__)
QUEUE = "ventes.annoncees"


@contextmanager
def transaction():
    with closing(sqlite3.connect("caisse.db")) as db, db:
        yield db


def publish(event):
    with pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        channel.queue_declare(QUEUE, durable=True)
        persistent = pika.BasicProperties(delivery_mode=pika.DeliveryMode.Persistent)
        channel.basic_publish("", QUEUE, json.dumps(event), persistent)


with transaction() as db:
    db.execute("CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, sku TEXT)")


@app.post("/orders")
def place_order():
    order = request.get_json()
"""


def till(body: str) -> str:
    """A service whose `POST /orders` runs these lines; they find `order` there."""
    return _TILL + indent(f"{body.strip()}\nreturn order, 201\n", "    ")


_CUSTOMERS = '''
import time

from flask import abort, request
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.chassis import create_service
from services.chassis.calls import service
from services.chassis.database import Database
from services.chassis.events import Events


class Base(DeclarativeBase):
    pass


class Customer(Base):
    __tablename__ = "customers"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    version: Mapped[int] = mapped_column(default=0)

    def as_dict(self):
        return {"customer": self.id, "name": self.name, "version": self.version}


def renamed(session, id, name):
    """The customer, under this name from now on, in one more version."""
    customer = session.get(Customer, id, with_for_update=True) or Customer(id=id, version=0)
    customer.name, customer.version = name, customer.version + 1
    session.add(customer)
    return customer
'''

_SALES = """

class Sale(Base):
    __tablename__ = "sales"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer: Mapped[str]
"""

CARNET = (
    _CUSTOMERS
    + '''

database = Database(Base)
events = Events(database)
app = create_service("carnet")


@app.get("/clients/<id>")
def show(id):
    """One customer."""
    with database.reading() as session:
        customer = session.get(Customer, id) or abort(404)
        return customer.as_dict()


@app.get("/clients")
def show_several():
    """Those whose ids are asked for, all of the same moment."""
    wanted = request.args["ids"].split(",")
    with database.reading() as session:
        found = session.scalars(select(Customer).where(Customer.id.in_(wanted)))
        return {"clients": [customer.as_dict() for customer in found]}


@app.put("/clients/<id>")
def rename(id):
    """A new name, and the event that says so, in one transaction."""
    with database.transaction() as session:
        customer = renamed(session, id, request.get_json()["name"])
        change = {**customer.as_dict(), "at": time.time()}
        events.record(session, "customer.changed", id, change, mandatory=False)
    return change
'''
)

VENTES = (
    _CUSTOMERS
    + _SALES
    + '''

class Delay(Base):
    """For how many seconds the copy did not have a change that the customers' service had."""

    __tablename__ = "delays"
    id: Mapped[int] = mapped_column(primary_key=True)
    seconds: Mapped[float]


database = Database(Base)
events = Events(database)
app = create_service("ventes")


def copy(session, event):
    """Keep the name of a customer, unless the copy has a later one."""
    id, name, version = (event.data[key] for key in ("customer", "name", "version"))
    known = session.get(Customer, id)
    if known is None or known.version < version:
        session.merge(Customer(id=id, name=name, version=version))
    session.add(Delay(seconds=time.time() - event.data["at"]))


events.consume({"customer.changed": copy}, queue="noms")


@app.put("/ventes/<int:id>")
def sell(id):
    with database.transaction() as session:
        session.merge(Sale(id=id, customer=request.get_json()["customer"]))
    return {}


@app.get("/pages/appels")
def one_call_a_line():
    """N + 1: the sales, then for each of them its customer."""
    return page({sale: ask(f"/clients/{customer}")["name"] for sale, customer in sales()})


@app.get("/pages/lot")
def one_call():
    """The sales, then their customers together."""
    found = sales()
    ids = ",".join(sorted({customer for _, customer in found}))
    names = {c["customer"]: c["name"] for c in ask(f"/clients?ids={ids}")["clients"]}
    return page({sale: names[customer] for sale, customer in found})


@app.get("/pages/copie")
def no_call():
    """A join, with the copy."""
    joined = select(Sale.id, Customer.name).join(Customer, Customer.id == Sale.customer)
    with database.reading() as session:
        return page(dict(session.execute(joined).tuples().all()))


@app.get("/noms/<id>")
def show_name(id):
    """A customer's name, of a given version at least: asked for if the copy is older."""
    with database.reading() as session:
        known = session.get(Customer, id)
    wanted = request.args.get("version", 0, int)
    if known is None or known.version < wanted:
        return ask(f"/clients/{id}")
    return known.as_dict()


@app.get("/retards")
def show_delays():
    with database.reading() as session:
        return {"seconds": list(session.scalars(select(Delay.seconds).order_by(Delay.id)))}


def sales():
    with database.reading() as session:
        return session.execute(select(Sale.id, Sale.customer).order_by(Sale.id)).tuples().all()


def ask(path):
    return service("carnet").get(path).json()


def page(names):
    return {"lines": [{"sale": sale, "name": name} for sale, name in sorted(names.items())]}
'''
)

BLOC = (
    _CUSTOMERS
    + _SALES
    + """

database = Database(Base)
app = create_service("bloc")


@app.put("/clients/<id>")
def rename(id):
    with database.transaction() as session:
        return renamed(session, id, request.get_json()["name"]).as_dict()


@app.put("/ventes/<int:id>")
def sell(id):
    with database.transaction() as session:
        session.merge(Sale(id=id, customer=request.get_json()["customer"]))
    return {}


@app.get("/pages/jointure")
def join():
    joined = select(Sale.id, Customer.name).join(Customer, Customer.id == Sale.customer)
    with database.reading() as session:
        names = session.execute(joined.order_by(Sale.id)).tuples().all()
    return {"lines": [{"sale": sale, "name": name} for sale, name in names]}
"""
)
