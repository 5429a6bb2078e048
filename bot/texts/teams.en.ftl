# What only Teams says.

teams-field-missing = Please fill this in.
teams-person-hint = Name or e-mail

teams-taken = One moment…
teams-unavailable = This could not be saved just now. Please wait a minute and press again.
