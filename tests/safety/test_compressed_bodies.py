"""A compressed body is not unfolded for a stranger: none of our platforms sends one, so it is not even read."""

import gzip
import json
import time
from pathlib import Path

import aiohttp

from sandbox.slack.delivery import signed_headers
from tests.adapters.slack.kit import payload
from tests.walks.kit import stage


async def test_a_compressed_body_is_neither_unfolded_nor_a_failure(
    tmp_path: Path, store_url: str, organisation: str
) -> None:
    event = json.dumps(payload("direct_message")).encode()
    bodies = [gzip.compress(event), gzip.compress(bytes(64_000_000)), b"no gzip at all"]
    async with stage(tmp_path, store_url, organisation) as on, aiohttp.ClientSession() as session:
        for body in bodies:
            headers = {
                **signed_headers(on.workspace.signing_secret, event, time.time()),
                "Content-Type": "application/json",
                "Content-Encoding": "gzip",
            }
            async with session.post(f"{on.running.address}/slack/events", data=body, headers=headers) as answer:
                assert answer.status == 415
