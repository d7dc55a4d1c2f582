"""The report card: one page that shows how well messages are understood."""
