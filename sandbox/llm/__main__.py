"""`python -m sandbox.llm`: the stand-in as a process of its own; see `--help`.

Prints one line when it is ready, {"url": ..., "api": ...}, and stops on SIGTERM or SIGINT.
"""

import argparse
import asyncio

from sandbox.llm.app import serve
from sandbox.llm.model import Mode, Model, Say
from sandbox.process import announce, stop_event


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox.llm", description="A stand-in of a language model.")
    parser.add_argument("--port", type=int, default=0, help="0 (the default) takes any free port")
    parser.add_argument("--key", help="the key that callers must have; none: everybody is let in")
    parser.add_argument("--model", default="sandbox", help="what the model is called")
    parser.add_argument("--say", type=Mode, choices=list(Mode), default=Mode.HONEST, help="how it speaks")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end when the parent is gone")
    return parser.parse_args()


async def _run(arguments: argparse.Namespace) -> None:
    stop = stop_event(until_stdin_closes=arguments.until_stdin_closes)
    model = Model(arguments.key, (arguments.model,))
    model.say(Say(mode=arguments.say))
    async with serve(model, port=arguments.port) as url:
        announce(url=url, api=f"{url}/v1")
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(_run(_arguments()))
