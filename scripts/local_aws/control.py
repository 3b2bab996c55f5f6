"""`/_local`: what only the local AWS can do."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import Any

from flask import Flask, request

from scripts.local_aws.events import schedules
from scripts.local_aws.iam import grants
from scripts.local_aws.iam.records import RECORDS


def build() -> Flask:
    """The control application: health, schedules, IAM records and grants."""
    app = Flask("local")

    @app.get("/_local/health")
    def health() -> dict[str, Any]:
        return {"status": "ok", "pid": os.getpid()}

    @app.get("/_local/iam")
    def iam() -> dict[str, Any]:
        return {
            "records": [asdict(record) for record in RECORDS.all()],
            "grants": [asdict(grant) for grant in grants.all_roles()],
        }

    @app.post("/_local/fire-schedule")
    def fire_schedule() -> dict[str, Any] | tuple[dict[str, Any], int]:
        rule = (request.get_json(silent=True) or {}).get("rule")
        if not rule:
            return {"error": 'say which: {"rule": NAME}'}, 400
        try:
            schedules.fire(rule)
        except schedules.NotFiredError as error:
            return {"error": str(error)}, 409
        return {"fired": rule}

    return app
