"""How people and scenarios write priorities. Grammar, not texts."""

WRITTEN = {
    "highest": ("highest", "urgent", "critical", "blocker", "срочно", "срочный", "критический", "самый высокий"),
    "high": ("high", "высокий", "высокая", "важно", "важный"),
    "medium": ("medium", "normal", "средний", "средняя", "обычный", "обычная", "нормальный"),
    "low": ("low", "низкий", "низкая"),
    "lowest": ("lowest", "самый низкий"),
}
