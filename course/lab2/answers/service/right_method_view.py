from flask import Flask
from flask.views import MethodView
from werkzeug.exceptions import NotFound

app = Flask(__name__)
CATALOGUE = {
    "LAMP": dict(sku="LAMP", name="Lampe de bureau", price_cents=3990),
    "MUG": dict(sku="MUG", name="Tasse", price_cents=990),
}


class Products(MethodView):
    def get(self, sku=None):
        if sku is None:
            return {"products": [*CATALOGUE.values()]}
        try:
            return CATALOGUE[sku]
        except KeyError:
            raise NotFound


view = Products.as_view("products")
app.add_url_rule("/products", view_func=view)
app.add_url_rule("/products/<sku>", view_func=view)
