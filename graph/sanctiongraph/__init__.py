"""sanctiongraph: claims about states, laws and arms deals, with their sources."""
