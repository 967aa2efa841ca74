import threading

from flask import Flask, abort, request
from sqlalchemy import JSON, create_engine, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import StaticPool

app = Flask(__name__)
moteur = create_engine("sqlite://", connect_args={"check_same_thread": False}, poolclass=StaticPool)
un_a_la_fois = threading.Lock()


class Base(DeclarativeBase):
    pass


class Ligne(Base):
    __tablename__ = "products"
    sku: Mapped[str] = mapped_column(primary_key=True)
    article: Mapped[dict] = mapped_column(JSON)


Base.metadata.create_all(moteur)


@app.get("/products")
def list_products():
    with un_a_la_fois, Session(moteur) as s:
        return {"products": list(s.scalars(select(Ligne.article)))}


@app.get("/products/<sku>")
def show_product(sku):
    with un_a_la_fois, Session(moteur) as s:
        ligne = s.get(Ligne, sku)
        if ligne is None:
            abort(404)
        return ligne.article


@app.post("/products")
def add_product():
    article = request.get_json()
    with un_a_la_fois, Session(moteur) as s:
        s.add(Ligne(sku=article["sku"], article=article))
        try:
            s.commit()
        except IntegrityError:
            s.rollback()
            return {"error": "ce SKU est déjà pris", "sku": article["sku"]}, 409
    return article, 201


@app.put("/products/<sku>")
def put_product(sku):
    article = {**request.get_json(), "sku": sku}
    with un_a_la_fois, Session(moteur) as s:
        status = 200 if s.get(Ligne, sku) else 201
        s.merge(Ligne(sku=sku, article=article))
        s.commit()
    return article, status


@app.delete("/products/<sku>")
def remove_product(sku):
    with un_a_la_fois, Session(moteur) as s:
        s.execute(delete(Ligne).where(Ligne.sku == sku))
        s.commit()
    return "", 204
