"""Chapter 07: bindings, safe publishing, acknowledgement, poison, idempotence; on real RabbitMQ."""

# ruff: noqa: I001 - in the order of the chapter, which is the order of the progress table

from workbook.exercises.ch07.binding_keys import bindings
from workbook.exercises.ch07.publisher import publish
from workbook.exercises.ch07.consumer import consume
from workbook.exercises.ch07.dead_letters import poison
from workbook.exercises.ch07.inbox import idempotent

__all__ = ["bindings", "consume", "idempotent", "poison", "publish"]
