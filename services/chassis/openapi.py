"""OpenAPI 3.1: the description a service serves of itself, and its offline Swagger UI."""

from flask.json.provider import DefaultJSONProvider
from flask_openapi3 import Info, OpenAPI
from pydantic import ValidationError

from services.chassis import credential
from services.chassis.identity import check_first
from services.chassis.problems import Problem, render, translates

FRENCH = {
    "missing": "Ce champ est obligatoire.",
    "extra_forbidden": "Ce champ n’existe pas.",
    "json_invalid": "Ce n’est pas du JSON valide.",
    "greater_than": "Doit être supérieur à {gt}.",
    "greater_than_equal": "Doit être au moins {ge}.",
    "less_than": "Doit être inférieur à {lt}.",
    "less_than_equal": "Doit être au plus {le}.",
    "string_too_short": "Au moins {min_length} caractère(s).",
    "string_too_long": "Au plus {max_length} caractères.",
    "string_type": "Doit être un texte.",
    "string_pattern_mismatch": "N'a pas la forme attendue ({pattern}).",
    "int_type": "Doit être un nombre entier.",
    "int_parsing": "Doit être un nombre entier.",
    "int_from_float": "Doit être un nombre entier.",
    "float_type": "Doit être un nombre.",
    "float_parsing": "Doit être un nombre.",
    "finite_number": "Doit être un nombre fini.",
    "bool_type": "Doit être vrai ou faux.",
    "list_type": "Doit être une liste.",
    "too_short": "Au moins {min_length} élément(s).",
    "too_long": "Au plus {max_length} élément(s).",
    "model_type": "Doit être un objet JSON.",
    "dict_type": "Doit être un objet JSON.",
}


TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
PROBLEM = {
    "description": "Erreur (RFC 9457)",
    "content": {
        "application/problem+json": {
            "schema": {
                "type": "object",
                "required": ["type", "title", "status", "detail"],
                "properties": {"type": TEXT, "title": TEXT, "status": NUMBER, "detail": TEXT},
            }
        }
    },
}
SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "run": {"type": "apiKey", "in": "header", "name": credential.HEADER},
}


class Json(DefaultJSONProvider):
    """Numbers as JSON Schema understands them: 3990.0 is an integer, NaN is no number."""

    def loads(self, text, **options):
        return super().loads(text, parse_float=_whole, parse_constant=_refuse, **options)


def _whole(text):
    number = float(text)
    return int(number) if number.is_integer() else number


def _refuse(constant):
    raise ValueError(f"{constant} is not JSON (RFC 8259, 6)")


class Described(OpenAPI):
    """An OpenAPI application that describes what `require_scope` and `require_credential` ask."""

    json_provider_class = Json

    def _collect_openapi_info(self, rule, func, **options):
        if hasattr(func, "required_scope"):
            options["security"] = [{"bearer": [func.required_scope]}]
        if hasattr(func, "required_credential"):
            options["security"] = [{"run": []}]
        return super()._collect_openapi_info(rule, func, **options)


def create_openapi(name, title=None, version="1.0.0", **options):
    """The OpenAPI application; every error is problem+json, with one entry a field if invalid."""
    app = Described(
        name,
        info=Info(title=title or name, version=version),
        security_schemes=SCHEMES,
        responses={"default": PROBLEM, "422": PROBLEM},
        validation_error_callback=lambda error: render(invalid(error)),
        **options,
    )
    app.before_request(check_first)
    return app


@translates(ValidationError)
def invalid(error):
    """422 with what is wrong, field by field."""
    errors = [
        {"field": ".".join(map(str, item["loc"])), "detail": _french(item)}
        for item in error.errors(include_url=False, include_input=False)
    ]
    detail = " ".join(f"{item['field'] or 'corps'} : {item['detail']}" for item in errors)
    return Problem(422, detail, errors=errors)


def _french(item):
    template = FRENCH.get(item["type"])
    return template.format_map(item.get("ctx", {})) if template else item["msg"]
