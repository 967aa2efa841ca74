# feedback: a aussi reçu | delivery.failed
# mistake: reçoi(t|vent) les échecs de tous les services
binding_keys = ["order.*", "*.failed"]
