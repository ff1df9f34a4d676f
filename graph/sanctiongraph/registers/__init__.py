"""Registers: lists of deals and designations that others publish, imported row by row as their claims.

``mapping`` reads how a register is to be read, which is data (``specs``); ``layouts`` reads its files
into ``rows``; ``statements`` says what a row asserts; ``ledger`` keeps the rows, with their
``history`` and the ``meanings`` that were found; ``identity`` finds the things of the graph that are
meant; ``writing`` makes the files that the build reads, and ``importing`` runs it all. What it means
for a user is in ``docs/registers.md``.
"""
