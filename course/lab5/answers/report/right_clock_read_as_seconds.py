first = sorted(hurt, key=lambda visit: visit.at)[0]
report = {
    "trace": first.trace,
    "cause": "contrat",
    "edge": tuple("orders products".split()),
    "service": "products",
    "since": int(first.at),
    "what": first.promise,
}
