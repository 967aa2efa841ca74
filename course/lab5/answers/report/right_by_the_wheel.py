report = wheel.report(
    what=hurt[-1].promise,
    since=hurt[0].at,
    service="products",
    edge=("orders", "products"),
    cause="contrat",
    trace=hurt[-1].trace,
)
