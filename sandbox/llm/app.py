"""The stand-in as a web application: `/v1/chat/completions`, `/v1/models`, and the control paths of a test.

Control paths: `POST /_sandbox/say` (a `Say`), `GET /_sandbox/calls` (`?at_least=N&timeout=S` waits for N calls),
`/_sandbox/faults`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import msgspec
from aiohttp import web
from aiohttp.typedefs import Middleware

from sandbox.faults import FaultPlan, Rule, fault_routes, faults_middleware
from sandbox.front import Front, Line, front_route
from sandbox.llm.model import Call, Mode, Model, Request, Say
from sandbox.llm.speech import said
from sandbox.loopback import serving

CREATED = 1_760_000_000
CHUNK = b" " * 8_192


def _error(status: int, kind: str, code: str | None, message: str) -> web.Response:
    error = {"message": message, "type": kind, "param": None, "code": code}
    return web.json_response({"error": error}, status=status)


def _limited(rule: Rule) -> web.Response:
    answer = _error(429, "requests", "rate_limit_exceeded", "told to limit")
    answer.headers["Retry-After"] = str(rule.retry_after)
    return answer


def _failed(rule: Rule) -> web.Response:
    return _error(rule.status, "server_error", None, "told to fail")


def _refusal(model: Model, request: web.Request) -> web.Response | None:
    given = request.headers.get("Authorization", "")
    if model.key is None or given == f"Bearer {model.key}":
        return None
    return _error(401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided")


def _flaw(model: Model, asked: Request) -> web.Response | None:
    if asked.model not in model.models:
        return _error(404, "invalid_request_error", "model_not_found", f"The model {asked.model!r} does not exist")
    if not asked.messages or asked.stream or not 0 <= asked.temperature <= 2:
        return _error(400, "invalid_request_error", None, "messages, stream or temperature is not as it must be")
    return None


def _body(asked: Request, words: str, ended: str) -> dict[str, object]:
    choice = {"index": 0, "message": {"role": "assistant", "content": words}, "finish_reason": ended}
    read, written = sum(len(one.content) for one in asked.messages) // 4, len(words) // 4
    return {
        "id": "chatcmpl-sandbox",
        "object": "chat.completion",
        "created": CREATED,
        "model": asked.model,
        "choices": [choice],
        "usage": {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written},
    }


async def _endless(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Type": "application/json"})
    await answer.prepare(request)
    while True:
        await answer.write(CHUNK)


async def _spoken(request: web.Request, asked: Request, words: str, how: Say) -> web.StreamResponse:
    match how.mode:
        case Mode.ENDLESS:
            return await _endless(request)
        case Mode.WRONG_JSON:
            return web.Response(text='{"choices": [{"mess', content_type="application/json")
        case Mode.EMPTY_CHOICES:
            return web.json_response({**_body(asked, words, "stop"), "choices": []})
        case Mode.SLOW:
            await asyncio.sleep(how.seconds)
    cut = how.mode is Mode.BROKEN_OFF
    return web.json_response(_body(asked, words[: len(words) // 2] if cut else words, "length" if cut else "stop"))


def _routes(model: Model) -> list[web.RouteDef]:
    async def complete(request: web.Request) -> web.StreamResponse:
        if refusal := _refusal(model, request):
            return refusal
        try:
            asked = msgspec.json.decode(await request.read(), type=Request)
        except msgspec.DecodeError as error:
            return _error(400, "invalid_request_error", None, str(error))
        if flaw := _flaw(model, asked):
            return flaw
        how = model.next_say()
        words = said("\n".join(one.content for one in asked.messages if one.role == "user"), how)
        await model.note(Call(asked, words))
        return await _spoken(request, asked, words, how)

    async def models(request: web.Request) -> web.Response:
        if not model.listed:
            return _error(404, "invalid_request_error", None, "there is no list")
        listed = [{"id": name, "object": "model", "created": CREATED, "owned_by": "sandbox"} for name in model.models]
        return _refusal(model, request) or web.json_response({"object": "list", "data": listed})

    return [web.post("/v1/chat/completions", complete), web.get("/v1/models", models)]


def _control_routes(model: Model) -> list[web.RouteDef]:
    async def say(request: web.Request) -> web.Response:
        try:
            model.say(msgspec.json.decode(await request.read(), type=Say))
        except msgspec.DecodeError as error:
            raise web.HTTPBadRequest(text=str(error)) from error
        return web.json_response(msgspec.to_builtins(model.told))

    async def calls(request: web.Request) -> web.Response:
        try:
            await model.asked(int(request.query.get("at_least", "0")), float(request.query.get("timeout", "5")))
        except TimeoutError as error:
            raise web.HTTPRequestTimeout(text="there are fewer calls than asked for") from error
        return web.json_response(msgspec.to_builtins(model.calls))

    return [web.post("/_sandbox/say", say), web.get("/_sandbox/calls", calls)]


def _front(model: Model) -> Front:
    about = {
        "ru": "Учебная копия языковой модели: отвечает словами из отрывков, которые ей прислал бот.",
        "en": "A stand-in of a language model: it answers in words of the excerpts that the bot has sent.",
    }
    return Front("LLM", about, lambda: [Line(one.request.model, one.said) for one in model.calls], ("/_sandbox/calls",))


def make_app(model: Model, faults: FaultPlan | None = None) -> web.Application:
    """The whole stand-in."""
    plan = FaultPlan() if faults is None else faults
    app = web.Application(middlewares=[cast(Middleware, faults_middleware(plan, _limited, _failed))])
    app.add_routes([front_route(_front(model)), *_routes(model), *fault_routes(plan), *_control_routes(model)])
    return app


@asynccontextmanager
async def serve(model: Model, faults: FaultPlan | None = None, port: int = 0) -> AsyncIterator[str]:
    """Serve the stand-in on loopback; yields its address without a slash at the end; the API is below /v1."""
    async with serving(make_app(model, faults), port) as url:
        yield url
