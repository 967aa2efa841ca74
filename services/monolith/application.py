"""The Flask application, to which every module of the monolith adds its routes."""

from services.chassis import create_service

app = create_service("monolith", openapi=True)
