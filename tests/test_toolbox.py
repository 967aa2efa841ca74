"""The table of chapter 12: the module's twenty tools, each beside something that exists here."""

from collections import Counter

import pytest
from basics import ROOT

from course.ch12.toolbox import TOOLS
from workbook.checks.registry import chapters, planned

MODULE = {
    "Conteneurisation": ["Docker", "Kubernetes"],
    "API Gateway": ["Kong", "AWS API Gateway", "Zuul"],
    "Service Mesh": ["Istio", "Linkerd", "Consul Connect"],
    "Base de données": ["PostgreSQL", "MongoDB", "Redis"],
    "Messaging": ["RabbitMQ", "Apache Kafka", "AWS SQS"],
    "Monitoring": ["Prometheus", "Grafana", "ELK Stack"],
    "Tracing": ["Jaeger", "Zipkin", "AWS X-Ray"],
}


def test_every_tool_of_the_module():
    """All twenty, in the module's order and under its headings."""
    named = [(tool.category, tool.name) for tool in TOOLS]

    assert named == [(category, name) for category in MODULE for name in MODULE[category]]
    assert len(named) == 20


@pytest.mark.parametrize("tool", [tool for tool in TOOLS if tool.file], ids=lambda tool: tool.name)
def test_files_are_there(tool):
    """A file that the table names can be opened."""
    assert (ROOT / tool.file).read_text(encoding="utf-8")


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_chapters_are_there(tool):
    """It stands in a chapter, which is not this one."""
    assert tool.chapter in {**planned(), **chapters()}
    assert tool.chapter != "ch12"


def test_each_tool_says_its_own():
    """No two rows say the same of what a tool does, or of what was made by hand."""
    told = Counter(text for tool in TOOLS for text in (tool.does, tool.by_hand))

    assert [text for text, count in told.items() if count > 1] == []
