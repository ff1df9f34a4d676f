"""What follows from a change of what is asserted, at a cost that goes with the change.

A store holds a complete dataset: what is asserted and all that ``dataset.derived`` makes of it.
Each step here brings one kind of derived quads to what ``derived`` would make of the assertions as
they are after the change: the accepted graph (``accepted``), what it entails (``closure``), sums of
ownership (``sums``), viewpoints (``believing``) and assessments (``cases``). The store is not
changed: the outcome is a difference over it (``overlay``). What cannot be bounded is told as
``NotBoundedError``, and then everything is derived anew; see ``docs/design.md``.
"""
