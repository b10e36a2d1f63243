"""Tests of chance: which sequences of acts they try.

A suite that rolls new dice on every run says nothing about the change it ran on. The sequences are the same
every time; whoever looks for new ones asks for them: ``SEEDS=7,8,9 python3 dev.py test tests/projects``.
"""

import os


def seeds(*told: int) -> list[int]:
    """The seeds of every run, and those the environment asks for."""
    asked = os.environ.get("SEEDS", "")
    return [*told, *(int(seed) for seed in asked.split(",") if seed)]
