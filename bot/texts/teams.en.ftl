# What only Teams says.

teams-field-missing = Please fill this in.
teams-person-hint = Name or e-mail
