# feedback: KeyError
def read_sale(event):
    if event.get("version", 1) not in (1, 2):
        raise UnknownVersion(event["version"])
    data = event["data"]
    amount = data.get("total", {}).get("amount_cents") or data["total_cents"]
    currency = data.get("total", {}).get("currency", "EUR")
    return {"order_id": data["order_id"], "amount_cents": amount, "currency": currency}
