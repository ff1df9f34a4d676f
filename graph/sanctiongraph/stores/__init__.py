"""Stores: what the library needs of one, and the ones across the network.

``graphstore``  what the library asks of a store
``remote``      a store at an address, over SPARQL 1.1 Protocol and Graph Store Protocol
``dialects``    what differs between kinds of store
``loading``     a build put into a store
``patience``    the time that all requests of one piece of work have together
"""
