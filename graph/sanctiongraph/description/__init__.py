"""What the dataset is, for machines: VoID, DCAT, PROV, and the query library as SHACL examples."""
