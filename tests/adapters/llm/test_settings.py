"""Half a configuration is an error that names the variable; the key never shows."""

import pytest
from pydantic import ValidationError

from adapters.llm.settings import LlmSettings

URL = "https://llm.example.com/v1"


@pytest.fixture(autouse=True)
def _no_model_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("URL", "KEY", "MODEL", "TIMEOUT", "COMPOSE", "REWRITE"):
        monkeypatch.delenv(f"LLM_{name}", raising=False)


def given(monkeypatch: pytest.MonkeyPatch, **values: str) -> LlmSettings:
    for name, value in values.items():
        monkeypatch.setenv(f"LLM_{name}", value)
    return LlmSettings()


def test_without_variables_there_is_no_model() -> None:
    assert not LlmSettings().configured
    with pytest.raises(ValueError, match="LLM_URL"):
        _ = LlmSettings().base


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not given(monkeypatch, URL="", KEY="", MODEL="").configured


def test_an_address_and_a_model_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(monkeypatch, URL=f" {URL}/ ", MODEL="small")
    assert settings.configured
    assert (settings.base, settings.key, settings.compose, settings.rewrite) == (URL, None, True, True)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"URL": URL}, "LLM_MODEL is missing"),
        ({"MODEL": "small"}, "LLM_URL is missing: LLM_MODEL"),
        ({"KEY": "secret"}, "LLM_URL is missing: LLM_KEY"),
        ({"URL": "llm.example.com", "MODEL": "small"}, "url"),
        ({"URL": "https://me:secret@llm.example.com/v1", "MODEL": "small"}, "url"),
        ({"URL": f"{URL}?key=secret", "MODEL": "small"}, "url"),
        ({"URL": f"{URL}/chat/completions", "MODEL": "small"}, "what stands before /chat/completions"),
        ({"URL": URL, "MODEL": "small", "KEY": "secret\nX-Other: 1"}, "key"),
        ({"URL": URL, "MODEL": "small", "TIMEOUT": "10"}, "timeout"),
        ({"URL": URL, "MODEL": "small", "COMPOSE": "off", "REWRITE": "off"}, "both off"),
    ],
)
def test_what_cannot_work_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], named: str
) -> None:
    with pytest.raises(ValidationError) as error:
        given(monkeypatch, **values)
    assert named in str(error.value)
    assert "secret" not in str(error.value)


def test_the_key_is_trimmed_and_never_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(monkeypatch, URL=URL, MODEL="small", KEY=" sk-secret\n")
    assert settings.key is not None
    assert settings.key.get_secret_value() == "sk-secret"
    assert "sk-secret" not in repr(settings)


def test_both_calls_of_a_question_fit_into_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    both = given(monkeypatch, URL=URL, MODEL="small")
    assert both.rewrite_seconds + both.compose_seconds == pytest.approx(6.0)
    only = given(monkeypatch, REWRITE="off", TIMEOUT="8")
    assert only.compose_seconds == 8.0
