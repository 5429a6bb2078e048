# Что говорит только Teams.

teams-field-missing = Заполните, пожалуйста.
teams-person-hint = Имя или почта

teams-taken = Секунду…
teams-unavailable = Сейчас не получилось это сохранить. Подождите минуту и нажмите ещё раз.
