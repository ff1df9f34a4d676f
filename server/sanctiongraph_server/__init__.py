"""The HTTP gateway over a published sanctiongraph."""
