"""Invented companies, governments and answers, to try the software with.

Everything but the dates follows from a seed; the dates follow from the month in which the data is made (`dates.py`).
The data is planned first, as plain values (`planning.py`), and then written (`storing.py`).
"""
