"""The HTTP server: keys, quota, faults and latency around the pure answers of `api`."""

import asyncio
import gzip
import json
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import orjson
from aiohttp import web

from scripts.youtube_stand_in import api, errors, faults, settings
from scripts.youtube_stand_in.errors import ApiError
from scripts.youtube_stand_in.faults import Fault, Faults, Kind
from scripts.youtube_stand_in.settings import Settings, SettingsError
from scripts.youtube_stand_in.world import World

_JSON = "application/json; charset=UTF-8"
_BAD_GATEWAY = (
    "<!DOCTYPE html>\n<html lang=en>\n<title>Error 502 (Server Error)!!1</title>\n"
    "<p><b>502.</b> That’s an error.\n<p>The server encountered a temporary error and could not "
    "complete your request.<p>Please try again in 30 seconds."
)


@dataclass
class StandIn:
    """The settings in force and what was counted under them."""

    settings: Settings
    quota_used: int = 0
    requests: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    faults: Faults = field(default_factory=Faults)

    def __post_init__(self) -> None:
        self.faults.set(self.settings.faults)

    def change(self, changes: Mapping[str, Any]) -> None:
        """Change settings; `"reset": true` sets the counters to 0. Raises SettingsError."""
        members = dict(changes)
        reset = members.pop("reset", False)
        self.settings = settings.changed(self.settings, members)
        if "faults" in members:
            self.faults.set(self.settings.faults)
        if reset:
            self.quota_used = 0
            self.requests.clear()
            self.answers.clear()

    def counters(self) -> dict[str, Any]:
        """Quota used, requests by method, answers by status, and the settings in force."""
        return {
            "quota_used": self.quota_used,
            "requests": dict(self.requests),
            "answers": dict(self.answers),
            "settings": settings.to_json(self.settings),
        }


_STAND_IN = web.AppKey("stand_in", StandIn)


def application(initial: Settings) -> web.Application:
    """The stand-in as an aiohttp application."""
    app = web.Application()
    app[_STAND_IN] = StandIn(initial)
    for method in api.METHODS:
        route = app.router.add_resource(f"/youtube/v3/{method}", name=method)
        route.add_route("GET", _answer)
        route.add_route("POST", _answer)
    app.router.add_get("/_control", _read_counters)
    app.router.add_post("/_control", _change_settings)
    return app


async def _answer(request: web.Request) -> web.StreamResponse:
    stand_in = request.app[_STAND_IN]
    method = request.match_info.route.name or ""
    query = api.parse_query(await _query_string(request))
    due = time.monotonic() + stand_in.settings.latency
    stand_in.requests[method] += 1
    response, fault = _respond(stand_in, method, query, request.headers)
    stand_in.answers[str(response.status)] += 1
    await asyncio.sleep(due - time.monotonic())  # making the answer is part of the latency
    return await _deliver(request, response, fault)


async def _query_string(request: web.Request) -> str:
    """The query; Google's client sends a long one as the body of a POST that stands for a GET."""
    if request.method == "GET":
        return request.query_string
    if request.headers.get("X-HTTP-Method-Override") != "GET":
        raise web.HTTPMethodNotAllowed(request.method, ["GET"])
    return await request.text()


def _respond(
    stand_in: StandIn, method: str, query: api.Query, headers: Mapping[str, str]
) -> tuple[web.Response, Fault | None]:
    """The answer to a call, and the fault it meets on its way back."""
    try:
        _charge(stand_in, query, headers)
        fault = stand_in.faults.next(method, query)
        body, etag = _find_answer(stand_in.settings.world, method, query, fault)
    except ApiError as error:
        return _json_response(error.answer.body(), headers, status=error.answer.status), None
    if fault and fault.kind is Kind.BAD_GATEWAY:
        return web.Response(text=_BAD_GATEWAY, content_type="text/html", status=502), None
    if etag in headers.get("If-None-Match", ""):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers={"ETag": f'"{etag}"'}), fault
    halve = fault is not None and fault.kind is Kind.TRUNCATED
    return _json_response(body, headers, etag=etag, halve=halve), fault


def _find_answer(
    world: World, method: str, query: api.Query, fault: Fault | None
) -> tuple[dict[str, Any], str]:
    if fault and fault.kind in faults.ANSWERS:
        raise ApiError(faults.ANSWERS[fault.kind])
    return api.answer(world, method, query)


def _charge(stand_in: StandIn, query: api.Query, headers: Mapping[str, str]) -> None:
    """Take one unit from the caller's quota. Raises ApiError for a key or a quota that won't do."""
    key = query.get("key") or headers.get("X-Goog-Api-Key")
    if not key:
        raise ApiError(errors.NO_KEY)
    if key not in stand_in.settings.keys:
        raise ApiError(errors.BAD_KEY)
    if stand_in.quota_used >= stand_in.settings.quota:
        raise ApiError(errors.QUOTA_EXCEEDED)
    stand_in.quota_used += 1


def _json_response(
    body: Any,
    headers: Mapping[str, str],
    *,
    status: int = HTTPStatus.OK,
    etag: str | None = None,
    halve: bool = False,
) -> web.Response:
    octets = orjson.dumps(body)
    if halve:
        octets = octets[: len(octets) // 2]
    answered = {"Content-Type": _JSON, "Vary": "Accept-Encoding"}
    if etag:
        answered["ETag"] = f'"{etag}"'
    if "gzip" in headers.get("Accept-Encoding", ""):
        octets = gzip.compress(octets, compresslevel=1, mtime=0)
        answered["Content-Encoding"] = "gzip"
    return web.Response(body=octets, status=status, headers=answered)


async def _deliver(
    request: web.Request, response: web.Response, fault: Fault | None
) -> web.StreamResponse:
    """Send the response, or do to it what the fault demands."""
    if fault and fault.kind is Kind.SLOW:
        await asyncio.sleep(fault.delay)
    if fault and fault.kind is Kind.DROPPED:
        _hang_up(request)
    if fault and fault.kind is Kind.CUT:
        return await _send_half(request, response)
    return response


async def _send_half(request: web.Request, response: web.Response) -> web.StreamResponse:
    body = response.body if isinstance(response.body, bytes) else b""
    half = web.StreamResponse(status=response.status, headers=response.headers)
    half.content_length = len(body)
    await half.prepare(request)
    await half.write(body[: len(body) // 2])
    _hang_up(request)
    return half


def _hang_up(request: web.Request) -> None:
    if request.transport:
        request.transport.close()


async def _read_counters(request: web.Request) -> web.Response:
    return web.json_response(request.app[_STAND_IN].counters())


async def _change_settings(request: web.Request) -> web.Response:
    stand_in = request.app[_STAND_IN]
    try:
        stand_in.change(await request.json())
    except (SettingsError, json.JSONDecodeError) as error:
        return web.json_response({"error": str(error)}, status=HTTPStatus.BAD_REQUEST)
    return web.json_response(stand_in.counters())
