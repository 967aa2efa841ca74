# feedback: un dictionnaire neuf à chaque lecture
SALE = {}


def read_sale(event):
    version = event.get("version", 1)
    data = event["data"]
    if version == 1:
        SALE.update(order_id=data["order_id"], amount_cents=data["total_cents"], currency="EUR")
    elif version == 2:
        SALE.update(order_id=data["order_id"], amount_cents=data["total"]["amount_cents"],
                    currency=data["total"]["currency"])
    else:
        raise UnknownVersion(version)
    return SALE
