"""Maintainers' tools that build the geometry layers of the library from public packages."""
