"""The W3C suites for SPARQL over HTTP: ``python -m tests.w3c``, or ``make test-w3c``."""
