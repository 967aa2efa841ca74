# feedback: a aussi reçu | delivery.failed
# mistake: reçoi(t|vent) les échecs de tous les services
# *.failed also brings the failures of other services (stock.failed, email.failed).
binding_keys = ["order.#", "*.failed"]
