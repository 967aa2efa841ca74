from dataclasses import asdict, dataclass

from flask import Flask, abort, jsonify
from flask.views import MethodView

app = Flask(__name__)


@dataclass(frozen=True, slots=True)
class Article:
    sku: str
    name: str
    price_cents: int


ARTICLES = (
    Article("LAMP", "Lampe de bureau", 3990),
    Article("MUG", "Tasse", 990),
)


class Products(MethodView):
    def get(self, sku=None):
        if sku is None:
            return jsonify(products=[asdict(a) for a in ARTICLES])
        for article in ARTICLES:
            if article.sku == sku:
                return jsonify(asdict(article))
        abort(404)


vue = Products.as_view("products")
app.add_url_rule("/products", view_func=vue)
app.add_url_rule("/products/<sku>", view_func=vue)
