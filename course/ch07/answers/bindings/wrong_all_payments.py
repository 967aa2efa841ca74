# feedback: a aussi reçu | payment.processed
binding_keys = ["order.*", "payment.*"]
