# feedback: La comptabilité
def read_sale(event):
    data, version = event["data"], event.get("version", 1)
    if version == 1:
        return {"amount_cents": data["total_cents"], "currency": "EUR", **data}
    if version == 2:
        return {**data, **data["total"]}
    raise UnknownVersion(version)
