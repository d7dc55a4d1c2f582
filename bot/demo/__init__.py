"""Half a year of an invented city, played through the real handlers: `saan demo`."""
