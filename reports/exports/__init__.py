"""A report as a file: contents in, bytes out."""
