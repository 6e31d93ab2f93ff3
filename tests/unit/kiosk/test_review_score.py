"""Scores and follow-ups in the provider's series: by the session that they are about, a dash where there is none."""

from __future__ import annotations

from kiosk.review.score import score_facts
from kiosk.session import events as e


def test_scores_stand_in_the_series_order_and_a_missing_one_is_a_dash() -> None:
    found = [
        ("s-1", [e.ScoreTaken("phq9", 17, 27, "moderately severe"),
                 e.ScoreTaken("feel_before", None, 0, "", (), {"mood": 3}),
                 e.ScoreTaken("feel_after", None, 0, "", (), {"mood": 6})]),
        ("s-2", [e.ScoreTaken("follow_24h", None, 0, "", (), {"mood": 5}, about="s-1"),
                 e.ScoreTaken("phq9", None, 27, "", ("phq9_2",)),
                 e.ScoreTaken("bladder", None, 0, "", (), {"frequency": 1, "urgency_pain": 0, "blood": 0})]),
        ("s-3", [e.ScoreTaken("phq9", 10, 27, "moderate"), e.ThoughtsReported("phq9", "phq9_9", 1)]),
    ]  # fmt: skip
    facts = {fact.label: (fact.value, fact.tone) for fact in score_facts(found, (8, 3))}
    assert facts == {
        "Thoughts of self-harm reported": ("1", "red"),
        "PHQ-9 of 27": ("17, –, 10", ""),
        "Mood, before → after": ("3 → 6, – → –, – → –", ""),
        "Mood after 24 h": ("5, –, –", ""),
        "Do you pass water more often than before?": ("Somewhat", "red"),
        "Sudden urge or pain when passing water?": ("No", ""),
        "Blood in your urine?": ("No", ""),
        "Doses left": ("5", ""),
    }


def test_a_series_without_answers_has_no_rows() -> None:
    assert list(score_facts([("s-1", []), ("s-2", [])], None)) == []
