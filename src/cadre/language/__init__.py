"""Text to annotations: who asks, whom, and who answers. Pure, lazy, without network."""

from cadre.language.question import answers, question_targets, questions

__all__ = ["answers", "question_targets", "questions"]
