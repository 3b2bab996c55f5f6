"""`/_local`: what only the local AWS can do."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import Any

from flask import Flask, request

from scripts.local_aws import faults, holding
from scripts.local_aws.events import schedules
from scripts.local_aws.exports import EXPORTS
from scripts.local_aws.iam import grants
from scripts.local_aws.iam.records import RECORDS
from scripts.local_aws.mount_targets import MOUNT_TARGETS, Ending
from scripts.local_aws.restores import RESTORES
from scripts.local_aws.transfers.conditions import CONDITIONS, Conditions
from scripts.local_aws.tunnels import VPN_CONNECTIONS, Tunnels

Answer = dict[str, Any]
Refusal = tuple[Answer, int]


def build() -> Flask:
    """The control application: health, IAM records and grants, schedules, held calls."""
    app = Flask("local")

    @app.get("/_local/health")
    def health() -> Answer:
        return {"status": "ok", "pid": os.getpid()}

    @app.get("/_local/iam")
    def iam() -> Answer:
        return {
            "records": [asdict(record) for record in RECORDS.all()],
            "grants": [asdict(grant) for grant in grants.all_roles()],
        }

    _add_schedules(app)
    _add_holding(app)
    _add_restores(app)
    _add_inventory(app)
    _add_exports(app)
    _add_faults(app)
    _add_mount_targets(app)
    _add_transfers(app)
    return app


def _add_schedules(app: Flask) -> None:
    @app.post("/_local/fire-schedule")
    def fire_schedule() -> Answer | Refusal:
        rule = _asked().get("rule")
        if not rule:
            return {"error": 'say which: {"rule": NAME}'}, 400
        try:
            schedules.fire(rule)
        except schedules.NotFiredError as error:
            return {"error": str(error)}, 409
        return {"fired": rule}


def _add_holding(app: Flask) -> None:
    @app.put("/_local/hold")
    def hold() -> Answer | Refusal:
        asked = _asked()
        try:
            moment = holding.Moment(asked["moment"])
            holding.arm(asked["action"], asked["nth"], moment, asked.get("role"))
        except (KeyError, ValueError) as error:
            return {"error": f"say action, nth and moment (before or after): {error}"}, 400
        return {"held": False}

    @app.get("/_local/hold")
    def held() -> Answer:
        return {"held": holding.is_reached()}

    @app.delete("/_local/hold")
    def release() -> Answer:
        holding.release()
        return {"held": False}


def _add_restores(app: Flask) -> None:
    @app.post("/_local/complete-restores")
    def complete() -> Answer:
        return {"completed": RESTORES.complete()}

    @app.post("/_local/expire-restores")
    def expire() -> Answer:
        return {"expired": RESTORES.expire()}


def _add_inventory(app: Flask) -> None:
    @app.post("/_local/write-inventory")
    def write_inventory() -> Answer | Refusal:
        from scripts.local_aws import inventory  # noqa: PLC0415  # S3 is loaded with its first use

        bucket = _asked().get("bucket")
        if not bucket:
            return {"error": 'say of which bucket: {"bucket": NAME}'}, 400
        try:
            return {"manifests": inventory.write(bucket)}
        except inventory.InventoryError as error:
            return {"error": str(error)}, 409


def _add_exports(app: Flask) -> None:
    @app.post("/_local/complete-exports")
    def complete_exports() -> Answer:
        return {"completed": EXPORTS.complete()}

    @app.post("/_local/fail-exports")
    def fail_exports() -> Answer | Refusal:
        asked = _asked()
        try:
            return {"failed": EXPORTS.fail(asked["code"], asked["message"])}
        except KeyError as error:
            return {"error": f"say code and message: {error} is missing"}, 400

    @app.post("/_local/age-backups")
    def age_backups() -> Answer | Refusal:
        from scripts.local_aws.extensions.dynamodb import history  # noqa: PLC0415  # as above

        try:
            return {"tables": history.age(float(_asked()["seconds"]))}
        except (KeyError, TypeError, ValueError) as error:
            return {"error": f'say how much: {{"seconds": N}}: {error}'}, 400


def _add_faults(app: Flask) -> None:
    @app.put("/_local/faults/<name>")
    def begin_fault(name: str) -> Answer | Refusal:
        try:
            faults.begin(name, faults.Fault(**_asked()))
        except (TypeError, ValueError) as error:
            return {"error": f"not a fault: {error}"}, 400
        return {"answered": 0}

    @app.get("/_local/faults/<name>")
    def fault(name: str) -> Answer:
        return {"answered": faults.answered(name)}

    @app.delete("/_local/faults/<name>")
    def end_fault(name: str) -> Answer:
        answered = faults.answered(name)
        faults.end(name)
        return {"answered": answered}


def _add_mount_targets(app: Flask) -> None:
    @app.put("/_local/mount-targets")
    def become() -> Answer | Refusal:
        try:
            ending = Ending(str(_asked().get("become")))
        except ValueError as error:
            return {"error": f'say {{"become": {" | ".join(Ending)}}}: {error}'}, 400
        MOUNT_TARGETS.become(ending)
        return {"become": ending}


def _add_transfers(app: Flask) -> None:
    @app.put("/_local/tunnels")
    def tunnels_become() -> Answer | Refusal:
        try:
            tunnels = Tunnels(str(_asked().get("become")))
        except ValueError as error:
            return {"error": f'say {{"become": {" | ".join(Tunnels)}}}: {error}'}, 400
        VPN_CONNECTIONS.become(tunnels)
        return {"become": tunnels}

    @app.put("/_local/transfers")
    def transfers_go() -> Answer | Refusal:
        try:
            CONDITIONS.become(Conditions(**_asked()))
        except TypeError as error:
            return {"error": f"say fail, hang, pause, online and agent: {error}"}, 400
        return asdict(CONDITIONS.now())


def _asked() -> dict[str, Any]:
    asked: dict[str, Any] = request.get_json(silent=True) or {}
    return asked
