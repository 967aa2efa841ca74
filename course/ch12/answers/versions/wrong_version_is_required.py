# feedback: KeyError
def read_sale(event):
    data, version = event["data"], event["version"]
    if version == 1:
        total = {"amount_cents": data["total_cents"], "currency": "EUR"}
    elif version == 2:
        total = data["total"]
    else:
        raise UnknownVersion(version)
    return {"order_id": data["order_id"], **total}
