# feedback: version 3 | l’exception UnknownVersion
def read_sale(event):
    data, version = event["data"], int(event.get("version", 1))
    if version < 1:
        raise UnknownVersion(version)
    if version == 1:
        total = {"amount_cents": data["total_cents"], "currency": "EUR"}
    else:
        total = data["total"]
    return {"order_id": data["order_id"], **total}
