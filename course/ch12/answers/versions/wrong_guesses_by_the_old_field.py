# feedback: 'total_cents': 1 | La comptabilité
def read_sale(event):
    if event.get("version", 1) not in (1, 2):
        raise UnknownVersion(event["version"])
    data = event["data"]
    if "total_cents" in data:
        total = {"amount_cents": data["total_cents"], "currency": "EUR"}
    else:
        total = data["total"]
    return {"order_id": data["order_id"], **total}
