"""The shapes of the files that people write, as JSON Schema."""

from typing import Any

from bot.answers.synonyms import SynonymsShape
from bot.contacts_file import ContactsShape
from bot.faq_file import FaqShape
from bot.file_shape import Shape, json_schema
from bot.rules_file import RulesShape
from bot.scenario_file import ScenarioShape
from bot.sensitive_file import SensitiveShape

SHAPES: dict[str, type[Shape]] = {
    "scenario": ScenarioShape,
    "faq": FaqShape,
    "contacts": ContactsShape,
    "rules": RulesShape,
    "sensitive": SensitiveShape,
    "synonyms": SynonymsShape,
}


def schema_of(kind: str) -> dict[str, Any]:
    """That of the files of a kind. Raises KeyError for one that is not among SHAPES."""
    return json_schema(SHAPES[kind])
