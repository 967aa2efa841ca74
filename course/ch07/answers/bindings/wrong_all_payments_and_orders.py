# feedback: a aussi reçu | payment.processed
# payment.* also brings the accepted payments (payment.processed).
binding_keys = ["order.#", "payment.*"]
