"""Claims proposed from a text, for a person to review: by rules, the same text the same draft.

``english`` has the words, ``knowledge`` what the graph knows. ``text``, ``mentions``, ``times``,
``speech``, ``clauses``, ``modality``, ``predicates`` and ``newcomers`` each find one thing:
``mentions`` by names (``naming``), by words that refer back (``references``, ``groups``) and by
titles (``offices``); ``speech`` by verbs, with who speaks (``speakers``) and what is ``said``.
``draft`` puts them together, ``trig`` writes it down, ``measure`` compares it with claims by hand.
"""
