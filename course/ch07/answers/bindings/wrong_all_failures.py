# feedback: a aussi reçu | delivery.failed
# *.failed also brings the failures of other services (stock.failed, email.failed).
binding_keys = ["order.#", "*.failed"]
