"""The register of machines: changing it, and letting machines in."""
