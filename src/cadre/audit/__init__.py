"""The audit log: an append-only Merkle log of typed events, its proofs and checkpoints, and what a client checks alone.

Pure: values and bytes in, values and bytes out. Rows lie in `db`, appending and reading in `services`.
"""
