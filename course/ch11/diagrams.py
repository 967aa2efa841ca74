"""The module's diagram of the three pillars: kinds of data, not calls."""

from workbook.diagrams import Diagram, inside

KIND = "Un genre de données, pas un appel : chaque processus l’écrit sur lui-même."
LINE = "Une ligne du journal d’un processus, lue par `shop.logs` et `lines_about`."
NUMBER = "Un nombre que le processus compte, lu à son adresse `/metrics` par `red`."
SPANS = "Des segments que chaque processus écrit, réunis par `shop.trace`."

DIAGRAMS = (
    Diagram(
        "Les trois piliers de l’observabilité",
        edges=(
            inside("Observabilité", "Logs", why=KIND),
            inside("Observabilité", "Métriques", why=KIND),
            inside("Observabilité", "Traces distribuées", why=KIND),
            inside("Logs", "Erreurs applicatives", why=LINE),
            inside("Logs", "Événements métier", why=LINE),
            inside("Métriques", "Latence", why=NUMBER),
            inside("Métriques", "Throughput", why=NUMBER),
            inside("Métriques", "Taux d'erreur", why=NUMBER),
            inside("Traces distribuées", "Suivi de requête", why=SPANS),
            inside("Traces distribuées", "Performance end-to-end", why=SPANS),
        ),
    ),
)
