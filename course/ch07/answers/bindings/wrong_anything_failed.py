# feedback: a aussi reçu | delivery.failed
binding_keys = ["order.*", "*.failed"]
