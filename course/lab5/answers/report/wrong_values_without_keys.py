# feedback: un dictionnaire
# mistake: (rend|rendent) des valeurs sans leurs clés
report = (
    hurt[0].promise,
    hurt[0].at,
    "products",
    ("orders", "products"),
    "contrat",
    hurt[-1].trace,
)
