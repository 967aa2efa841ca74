"""Conditional requests (RFC 9110 13): If-Match prevents a lost update."""

from flask import abort, make_response, request

LOST_UPDATE = (
    "Ce produit n’est plus celui que vous avez lu : relisez-le, puis recommencez avec son ETag."
)


def require_preconditions(product):
    """412 unless If-Match and If-None-Match allow writing over *product* (None: there is none)."""
    if "If-Match" in request.headers and (
        product is None or not request.if_match.contains(product.etag)
    ):
        abort(412, LOST_UPDATE)
    if product is not None and (
        request.if_none_match.star_tag or product.etag in request.if_none_match
    ):
        abort(412, "Il y a déjà un produit à cette adresse.")


def with_etag(product, status=200):
    """The product with its ETag; 304 without a body for a reader who has this very content."""
    response = make_response(product.as_dict(), status)
    response.set_etag(product.etag)
    return response.make_conditional(request) if request.method in {"GET", "HEAD"} else response
