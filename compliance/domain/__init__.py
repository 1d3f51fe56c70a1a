"""The rules of the product. Standard library only: frozen dataclasses and functions.

Nothing here reads a clock, a file or a database: `now` and `on` are arguments, and what a rule needs is passed in.
"""
