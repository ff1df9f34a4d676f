"""Law as data: rules, conditions and how they combine, and what they make of a case."""
