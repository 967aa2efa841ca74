# feedback: {'order_id'
def read_sale(event):
    if event.get("version", 1) not in (1, 2):
        raise UnknownVersion(event["version"])
    data = event["data"]
    total = data.get("total", {"amount_cents": data.get("total_cents"), "currency": "EUR"})
    return {"order_id": data["order_id"],
            "amount_cents": total["amount_cents"], "currency": total["currency"]}
