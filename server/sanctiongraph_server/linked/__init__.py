"""The graph as linked data: things at their addresses, descriptions, queries, dumps, reconciliation.

Each module is a blueprint of its own; what looks at the graph is a task of a reader.
"""
