"""How writes are made: keeper, writer and deriver as processes, and the client that Flask has."""
