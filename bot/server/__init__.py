"""How gunicorn serves the application: configuration modules, read through ``-c python:…``."""
