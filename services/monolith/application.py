"""The one process: every module adds its routes to this application."""

from services.chassis import create_service

app = create_service("monolith", openapi=True)
