"""Money and goods: each service's books, compared with what the clients asked for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from workbook.failures.history import History
from workbook.failures.invariants.account import Account, Asked, Row, asked_for, units_of

REFUSED_CARD = "tok_declined"


def i5_money(history: History, account: Account) -> Iterator[tuple[str, str]]:
    """What was charged and not given back is what the confirmed orders cost, as clients count."""
    orders, asked = {row["id"]: row for row in account.orders}, asked_for(history, account)
    moved: dict[str, dict[str, list[int]]] = defaultdict(lambda: {"charge": [], "refund": []})
    for line in account.ledger:
        moved[line["order_id"]][line["kind"]].append(line["amount_cents"])
    for order_id in sorted({*orders, *moved}):
        order = orders.get(order_id, {"status": "inconnue", "total_cents": 0})
        owed = owed_for(order, asked.get(order_id), account.prices)
        charges, refunds = moved[order_id]["charge"], moved[order_id]["refund"]
        if is_beyond_repair(charges, refunds) or sum(charges) - sum(refunds) != owed:
            text = f"{order['status']}, doit {owed} c., débitée {charges}, remboursée {refunds}"
            yield order_id, text


def is_beyond_repair(charges: Sequence[int], refunds: Sequence[int]) -> bool:
    """Whether nothing that may still come makes one order's money right again."""
    return len(charges) > 1 or len(refunds) > len(charges)


def owed_for(order: Row, asked: Asked | None, prices: Mapping[str, int]) -> int:
    """What the client owes: by its own words and the catalogue's, where it can be known."""
    if order["status"] != "CONFIRMED" or (asked and asked.card == REFUSED_CARD):
        return 0
    return asked.cost(prices) if asked else order["total_cents"]


def i6_stock(history: History, account: Account) -> Iterator[tuple[str, str]]:
    """No unit appears or is lost; none stays reserved; what is sold is what clients asked for."""
    sold: Counter[str] = Counter()
    for order_id, units in confirmed_units(history, account).items():
        sold.update(units)
        reserved = next((r for r in account.reservations if r["order_id"] == order_id), None)
        if reserved is None or reserved["quantities"] != units:
            kept = reserved and reserved["quantities"]
            yield order_id, f"{kept} mis de côté, le client a demandé {units}"
    for row in account.stock:
        sku, columns = row["sku"], (row["available"], row["reserved"], row["sold"])
        if min(columns) < 0 or sum(columns) != account.initial_stock[sku]:
            yield sku, f"{columns} n’est pas une partition de {account.initial_stock[sku]}"
        if row["reserved"] or row["sold"] != sold[sku]:
            said = f"{row['reserved']} réservés, {row['sold']} vendus"
            yield sku, f"{said}, les clients en ont acheté {sold[sku]}"


def confirmed_units(history: History, account: Account) -> dict[str, dict[str, int]]:
    """{order id: units} of the confirmed orders; an order without a key is taken at its word."""
    asked = asked_for(history, account)
    return {
        row["id"]: asked[row["id"]].units if row["id"] in asked else units_of(row["items"])
        for row in account.orders
        if row["status"] == "CONFIRMED"
    }
