refused = next(visit for visit in hurt if visit.promise == "refus")
report = {"what": "refus", "since": hurt[0].at + 1, "service": "products"}
report["edge"] = ("orders", "products")
report["cause"] = "contrat"
report["trace"] = refused.trace
