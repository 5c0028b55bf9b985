"""Questionnaires with published wording: packs of structure and scoring, texts brought by the operator, answers kept for ever."""
