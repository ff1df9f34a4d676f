"""Releases: a version of the dataset as a folder of files that somebody else can take, check and cite."""
