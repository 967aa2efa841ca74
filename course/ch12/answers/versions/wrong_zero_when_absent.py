# feedback: 'amount_cents': 0 | La comptabilité
def read_sale(event):
    if event.get("version", 1) not in (1, 2):
        raise UnknownVersion(event["version"])
    data = event["data"]
    total = data.get("total", {})
    return {
        "order_id": data["order_id"],
        "amount_cents": total.get("amount_cents", 0),
        "currency": total.get("currency", "EUR"),
    }
