"""Pages of work of our own, each done in the commit that settles it."""

from __future__ import annotations

from bot.effects import Depart, Vouch
from bot.leaving import departed
from bot.ports import Claim
from bot.results import Result
from bot.vouching import round_page
from bot.work import Work
from handlers.colleagues import pass_on_of


async def due(work: Work, claim: Claim, result: Result) -> None:
    match claim.effect.act:
        case Depart() as act:
            await departed(work, claim, act, pass_on_of)
        case Vouch() as act:
            await round_page(work, claim, act)
        case _:
            raise TypeError(f"{claim.effect.id} brought back {type(result).__name__}")
