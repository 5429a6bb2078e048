# Что говорит только Teams.

teams-field-missing = Заполните, пожалуйста.
teams-person-hint = Имя или e-mail

teams-taken = Принято.
teams-unavailable = Сейчас не получилось это сохранить. Подождите минуту и нажмите ещё раз.
