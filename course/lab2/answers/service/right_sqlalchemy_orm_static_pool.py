from flask import Flask, abort, jsonify
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import StaticPool

app = Flask(__name__)
moteur = create_engine("sqlite://", connect_args={"check_same_thread": False}, poolclass=StaticPool)


class Base(DeclarativeBase):
    pass


class Product(Base):
    __tablename__ = "products"
    sku: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    price_cents: Mapped[int]

    def as_dict(self):
        return {c.name: getattr(self, c.name) for c in self.__table__.columns}


Base.metadata.create_all(moteur)
with Session(moteur) as s, s.begin():
    s.add_all(
        [
            Product(sku="LAMP", name="Lampe de bureau", price_cents=3990),
            Product(sku="MUG", name="Tasse", price_cents=990),
        ]
    )


@app.get("/products")
def list_products():
    with Session(moteur) as s:
        return jsonify({"products": [p.as_dict() for p in s.scalars(select(Product))]})


@app.get("/products/<sku>")
def show_product(sku):
    with Session(moteur) as s:
        produit = s.get(Product, sku)
        if produit is None:
            abort(404)
        return produit.as_dict()
