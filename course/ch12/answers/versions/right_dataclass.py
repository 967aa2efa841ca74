from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Sale:
    order_id: str
    amount_cents: int
    currency: str = "EUR"

    @classmethod
    def v1(cls, data):
        return cls(data["order_id"], data["total_cents"])

    @classmethod
    def v2(cls, data):
        total = data["total"]
        return cls(data["order_id"], total["amount_cents"], total["currency"])


def read_sale(event: dict) -> dict:
    missing = object()
    version = event.get("version", missing)
    if version is missing or version == 1:
        sale = Sale.v1(event["data"])
    elif version == 2:
        sale = Sale.v2(event["data"])
    else:
        raise UnknownVersion("version inconnue")
    return asdict(sale)
