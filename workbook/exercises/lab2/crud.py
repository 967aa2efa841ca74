"""Step 2: create, read, replace, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.checks import Exercise, NotAttempted, expect
from workbook.exercises.lab2.bench import (
    bare,
    body_of,
    created,
    draw,
    expect_once,
    expect_stored,
    listed,
)

if TYPE_CHECKING:
    from workbook.checks.lab import Lab


crud = Exercise(
    "lab2.crud",
    title="Créer, lire, remplacer, supprimer",
    service="products",
    hints=(
        "Le corps de la requête se lit par `request.get_json()`. Une vue peut rendre un couple : "
        "`return produit, 201`.",
        "PUT **remplace** : ce que le corps ne dit plus disparaît. POST **ajoute** : si le SKU "
        "est pris, `abort(409, …)`.",
        "`catalogue.pop(sku, None)` supprime sans se plaindre d’une absence : refaire DELETE "
        "n’est pas une erreur du client.",
    ),
)


@crud.step("Ce qui est créé peut être lu", points=1)
def creates(lab: Lab) -> None:
    product = draw(lab)
    response = lab.service.post("/products", product)
    if response.status_code in {404, 405}:
        raise NotAttempted("POST /products n’existe pas encore.")
    expect(
        response.status_code == 201,
        seen=f"POST /products répond {response.status_code}.",
        expected="201 Created",
        meaning="Qui vient d’ajouter un article ne saurait pas s’il est enregistré.",
    )
    expect_stored(lab.service, product)


@crud.step("Un SKU déjà pris est refusé", points=1, after=creates)
def refuses_duplicates(lab: Lab) -> None:
    product = created(lab)
    response = lab.service.post("/products", {**product, "name": "Un autre"})
    expect(
        response.status_code == 409,
        seen=f"Un second POST du SKU {product['sku']} répond {response.status_code}.",
        expected="409 Conflict",
        meaning="Deux vendeurs qui choisissent le même SKU se voleraient leur fiche.",
    )
    expect_stored(lab.service, product)


@crud.step("PUT remplace tout, et se répète sans dommage", points=1, after=creates)
def replaces(lab: Lab) -> None:
    product = created(lab, description="Une description qui doit disparaître.")
    replacement = {**draw(lab), "sku": product["sku"]}
    for _ in range(2):
        response = lab.service.put(f"/products/{product['sku']}", replacement)
        expect(
            response.status_code in {200, 201, 204},
            seen=f"PUT /products/{product['sku']} répond {response.status_code}.",
            expected="200, ou 204 sans corps",
            meaning="On ne pourrait plus changer un prix.",
        )
    expect_stored(lab.service, replacement)
    kept = body_of(lab.service.get(f"/products/{product['sku']}"))
    expect(
        not kept.get("description"),
        seen="La description, absente du nouveau corps, est restée.",
        expected="un remplacement complet (RFC 9110, § 9.3.4)",
        meaning="Un texte retiré de la fiche continuerait d’être affiché.",
    )
    expect_once(lab.service, product["sku"])


@crud.step("DELETE supprime, et se répète sans dommage", points=1, after=creates)
def deletes(lab: Lab) -> None:
    sku = created(lab)["sku"]
    first = lab.service.delete(f"/products/{sku}")
    expect(
        first.status_code in {200, 202, 204},
        seen=f"DELETE /products/{sku} répond {first.status_code}.",
        expected="204 No Content",
        meaning="Un article retiré de la vente resterait au catalogue.",
    )
    gone = lab.service.get(f"/products/{sku}")
    expect(
        gone.status_code in {404, 410},
        seen=f"Après DELETE, GET /products/{sku} répond {gone.status_code}.",
        expected="404 Not Found",
        meaning="On vendrait encore un article supprimé.",
    )
    again = lab.service.delete(f"/products/{sku}")
    expect(
        again.status_code in {200, 202, 204, 404, 410},
        seen=f"Un second DELETE répond {again.status_code}.",
        expected="204, ou 404 : l’article n’est plus là, et c’est ce qu’on voulait",
        meaning="Un client qui répète sa demande, faute de réponse, déclencherait une alerte.",
    )


@crud.step("Quarante opérations au hasard tombent juste", points=2, after=(replaces, deletes))
def agrees_with_a_dictionary(lab: Lab) -> None:
    skus = [lab.unique("SERIE").upper() for _ in range(5)]
    model: dict[str, dict] = {}
    for _ in range(40):
        _random_operation(lab, skus, model)
    served = {p["sku"]: bare(p) for p in listed(lab.service) if p["sku"] in skus}
    expect(
        served == model,
        seen=f"Après la série, la liste donne {served}.",
        expected=f"{model}",
        meaning="Le catalogue et ses fiches ne diraient plus la même chose.",
    )


def _random_operation(lab: Lab, skus: list[str], model: dict[str, dict]) -> None:
    """One drawn request, played on the service and on a dictionary alike."""
    product = {**draw(lab), "sku": lab.random.choice(skus)}
    sku, path = product["sku"], f"/products/{product['sku']}"
    match lab.random.choice(("POST", "PUT", "DELETE", "GET")):
        case "POST":
            status, expected = lab.service.post("/products", product), 409 if sku in model else 201
            model.setdefault(sku, product)
        case "PUT" if sku in model:
            status, expected = lab.service.put(path, product), {200, 201, 204}
            model[sku] = product
        case "DELETE":
            status, expected = lab.service.delete(path), {200, 202, 204, 404, 410}
            model.pop(sku, None)
        case _:
            status, expected = lab.service.get(path), 200 if sku in model else {404, 410}
    expected = expected if isinstance(expected, set) else {expected}
    expect(
        status.status_code in expected,
        seen=f"{status.request.method} {path} répond {status.status_code}.",
        expected=" ou ".join(map(str, sorted(expected))),
        meaning="Le service aurait oublié ce qu’on vient de lui dire.",
    )
