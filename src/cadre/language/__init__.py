"""Text to annotations: who asks, whom, and who answers. Pure, lazy, without network."""

from cadre.language.question import VERSION, answers, question_targets, questions

__all__ = ["VERSION", "answers", "question_targets", "questions"]
