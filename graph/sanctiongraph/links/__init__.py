"""Links from things of the graph to other datasets, kept as SSSOM: read, checked, proposed."""
