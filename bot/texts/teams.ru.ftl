# Что говорит только Teams.

teams-field-missing = Заполните, пожалуйста.
teams-person-hint = Имя или e-mail
