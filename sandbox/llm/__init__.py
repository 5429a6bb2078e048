"""A local stand-in of an OpenAI-compatible API, whose model is deterministic: it extracts, cites, and fails on demand.

model = Model(key="sk-sandbox")
async with serve(model) as url:
    # the bot: LLM_URL=f"{url}/v1", LLM_KEY=sk-sandbox, LLM_MODEL=sandbox
    model.say(Say(mode=Mode.FALSE_CITATION, times=1))
"""

from sandbox.llm.app import make_app, serve
from sandbox.llm.model import Call, Mode, Model, Say

__all__ = ["Call", "Mode", "Model", "Say", "make_app", "serve"]
