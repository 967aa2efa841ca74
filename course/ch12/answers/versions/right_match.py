def read_sale(event):
    match event:
        case {"version": 2, "data": {"order_id": order, "total": total}}:
            amount, currency = total["amount_cents"], total["currency"]
        case {"version": 1, "data": {"order_id": order, "total_cents": amount}}:
            currency = "EUR"
        case {"version": other}:
            raise UnknownVersion(f"version {other}")
        case {"data": {"order_id": order, "total_cents": amount}}:
            currency = "EUR"
    return {"order_id": order, "amount_cents": amount, "currency": currency}
