"""All cases of a rule as of a day, from relations: a million of them in one run.

Triples are read into tables of numbers, one a property or class, of which only those exist that the
asked rules can read; what follows from the axioms, the ownership sums of the day and the rules'
patterns are joins of them. See ``docs/law.md``, "All cases at once".
"""
