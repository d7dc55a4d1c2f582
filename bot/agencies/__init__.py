"""Gateways to agencies and systems that are not on LINE: mail out and in, signed webhooks."""
