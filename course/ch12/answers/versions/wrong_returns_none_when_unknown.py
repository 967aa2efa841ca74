# feedback: vous rendez None | l’exception UnknownVersion
def read_sale(event):
    data, version = event["data"], event.get("version", 1)
    if version == 1:
        total = {"amount_cents": data["total_cents"], "currency": "EUR"}
    elif version == 2:
        total = data["total"]
    else:
        return None
    return {"order_id": data["order_id"], **total}
