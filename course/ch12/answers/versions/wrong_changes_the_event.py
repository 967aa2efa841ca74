# feedback: L’événement a changé | tel qu’il était
def read_sale(event):
    data, version = event["data"], event.get("version", 1)
    if version == 1:
        data["total"] = {"amount_cents": data.pop("total_cents"), "currency": "EUR"}
    elif version != 2:
        raise UnknownVersion(version)
    return {"order_id": data["order_id"], **data["total"]}
