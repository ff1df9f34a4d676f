"""What all pages share: the frame around them, its files, and the language of labels.

The pages themselves stand next to what they show: those of things and queries in ``linked``, the
others here. Each is made from plain values that a reader took from a snapshot; no page opens a
store. ``docs/workbench.md`` says how one is added.
"""
