# feedback: KeyError
def read_sale(event):
    data = event["data"]
    return {
        "order_id": data["order_id"],
        "amount_cents": data["total_cents"],
        "currency": "EUR",
    }
