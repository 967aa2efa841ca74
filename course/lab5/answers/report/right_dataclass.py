from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Rapport:
    what: str
    since: float
    service: str
    edge: tuple[str, str]
    cause: str
    trace: str


report = asdict(
    Rapport(
        what=hurt[0].promise,
        since=hurt[0].at,
        service="products",
        edge=("orders", "products"),
        cause="contrat",
        trace=hurt[-1].trace,
    )
)
