"""Settings -> parts -> run. Only `app.py` imports this room, and only this room knows all the others."""
