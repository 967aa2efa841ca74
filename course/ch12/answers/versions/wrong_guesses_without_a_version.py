# feedback: version 3 | l’exception UnknownVersion | que l’on ne sait pas lire
def read_sale(event):
    data = event["data"]
    if "total" in data:
        total = data["total"]
    else:
        total = {"amount_cents": data["total_cents"], "currency": "EUR"}
    return {"order_id": data["order_id"], **total}
