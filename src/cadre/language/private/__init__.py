"""Private data in text: what identifies a person, a client or a machine, or opens something.

Two readings: structure and known names by rules, in bulk, on everything; and names that nobody listed by their setting,
with a statistical second reader where it is installed, on what leaves the firm. What is found is replaced by stand-ins
that stay the same within a firm and cannot be traced without its key.
"""

from cadre.language.private.filter import OtherClientError, PrivateData
from cadre.language.private.pseudonym import Pseudonyms, restore
from cadre.language.private.span import KINDS, Span

__all__ = ["KINDS", "OtherClientError", "PrivateData", "Pseudonyms", "Span", "restore"]
