# feedback: version 3 | l’exception UnknownVersion
def read_sale(event):
    data = event["data"]
    if event.get("version", 1) == 1:
        total = {"amount_cents": data["total_cents"], "currency": "EUR"}
    else:
        total = data["total"]
    return {"order_id": data["order_id"], **total}
