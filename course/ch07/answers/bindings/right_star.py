binding_keys = ["order.*", "payment.failed"]
