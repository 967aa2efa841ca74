from dataclasses import dataclass


@dataclass
class Article:
    """Ce que la caisse lit d’un article, et rien d’autre."""

    name: str
    price_cents: int

    def __post_init__(self):
        if type(self.name) is not str or not self.name:
            raise ValueError("name")
        if type(self.price_cents) is not int or self.price_cents < 0:
            raise ValueError("price_cents")

    @classmethod
    def parse(cls, body):
        if not isinstance(body, dict):
            raise TypeError("body")
        return cls(body["name"], body["price_cents"])


def keeps_promise(status, body):
    """Cette réponse de products suffit-elle à la caisse ?"""
    try:
        Article.parse(body)
    except (LookupError, TypeError, ValueError):
        return False
    else:
        return status == 200
