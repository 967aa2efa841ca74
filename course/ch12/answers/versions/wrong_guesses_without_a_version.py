# feedback: vous rendez | sans une erreur
def read_sale(event):
    data = event["data"]
    if "total" in data:
        total = data["total"]
    else:
        total = {"amount_cents": data["total_cents"], "currency": "EUR"}
    return {"order_id": data["order_id"], **total}
