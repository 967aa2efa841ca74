# feedback: {'order_id'
def read_sale(event):
    version = event.get("version", 1)
    data = event["data"]
    if version == 1:
        return {"order_id": data["order_id"], "amount_cents": data["total_cents"], "currency": "EUR"}
    if version == 2:
        return {"order_id": data["order_id"], **data["total"]}
    raise UnknownVersion(version)
