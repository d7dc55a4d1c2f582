"""A stand-in for LINE: its Messaging API, its webhooks, and a page of phones."""
