"""Matching a table's cells with things of the graph: Reconciliation Service API 0.2, without HTTP."""

from sanctiongraph.reconciliation.service import Service

__all__ = ["Service"]
