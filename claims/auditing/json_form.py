"""A report as one JSON object, by the schema beside this file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from claims.auditing.networks import Network
from claims.auditing.report import AuditReport

SCHEMA = Path(__file__).with_name("audit.schema.json")


def as_json(
    report: AuditReport, network: Network | None = None, rebalanced: AuditReport | None = None
) -> dict[str, Any]:
    """The report; of a file, what was read; of layers that were written, their own report."""
    from claims.command_line.records import version

    read = None
    if network is not None:
        read = {
            "source": network.source,
            "layers": list(network.names),
            "types": [network.stored[name].dtype for name in network.names],
            "layout": network.layout,
            "left_out": list(network.left_out),
        }
    return {
        "version": version(),
        "read": read,
        "report": report.as_json(),
        "written": rebalanced.as_json() if rebalanced is not None else None,
    }


def schema() -> Any:
    """The schema, as JSON."""
    return json.loads(SCHEMA.read_text(encoding="utf-8"))
