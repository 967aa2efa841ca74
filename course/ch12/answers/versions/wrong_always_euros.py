# feedback: 'currency': 'EUR' | 'USD' | La comptabilité
def read_sale(event):
    data, version = event["data"], event.get("version", 1)
    if version == 1:
        amount = data["total_cents"]
    elif version == 2:
        amount = data["total"]["amount_cents"]
    else:
        raise UnknownVersion(version)
    return {"order_id": data["order_id"], "amount_cents": amount, "currency": "EUR"}
