"""Typed read models: frozen dataclasses, one function a question, rendered by every surface."""
