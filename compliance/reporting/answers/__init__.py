"""What a company takes away of its answers: the workbook, the questionnaire, the sealed copy and the receipt."""

from compliance.reporting.answers.papers import answers_paper, receipt_paper
from compliance.reporting.answers.taken import Taken
from compliance.reporting.answers.words import Words, load_words
from compliance.reporting.answers.workbook import render_workbook

__all__ = ["Taken", "Words", "answers_paper", "load_words", "receipt_paper", "render_workbook"]
