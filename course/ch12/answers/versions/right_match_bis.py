def read_sale(event):
    match event:
        case {"version": 2, "data": {"order_id": order,
                                     "total": {"amount_cents": cents, "currency": money}}}:
            pass
        case {"version": 1, "data": {"order_id": order, "total_cents": cents}}:
            money = "EUR"
        case {"version": _}:
            raise UnknownVersion(str(event["version"]))
        case {"data": {"order_id": order, "total_cents": cents}}:
            money = "EUR"
    return {"order_id": order, "amount_cents": cents, "currency": money}
