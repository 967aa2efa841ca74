families = {"order": "*", "payment": "failed"}
binding_keys = (f"{family}.{last}" for family, last in families.items())
binding_keys = list(binding_keys)
