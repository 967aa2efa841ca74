fields = ("what", "since", "service", "edge", "cause", "trace")
values = (
    hurt[-1].promise,
    min(visit.at for visit in hurt),
    "products",
    ("orders", "products"),
    "contrat",
    hurt[len(hurt) // 2].trace,
)
report = dict(zip(fields, values, strict=True))
