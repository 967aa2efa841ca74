# feedback: KeyError
def read_sale(event):
    if event.get("version", 1) not in (1, 2):
        raise UnknownVersion(event["version"])
    data = event["data"]
    return {"order_id": data["order_id"], **data["total"]}
