"""Every diagnostic has a case, or a reason why no spec can bring it about and a test that makes it directly."""

from __future__ import annotations

from collections import Counter

from obsgen.report.codes import CODES
from tests.diagnostics.case import all_cases

# Shown by test_without_a_spec.py instead, for dashboards by tests/unit/check and for programs by tests/hostile.
BEYOND_A_SPEC = {
    "OBS121": "it takes more mistakes than a case can hold, and so many diagnostics do the same",
    "OBS415": "names and severities are keys, and the labels that tell alerts apart are reserved",
    "OBS481": "it is a fault of the compiler, which tests of the proof bring about by changing its tree",
    "OBS424": "obsgen derives the labels that an inhibition compares from the alerts themselves",
    "OBS461": "needs obsgen's own walk down the routing tree and Alertmanager's to disagree",
    "OBS456": "a program is given ten minutes, and tests of strange programs give it less",
    "OBS458": "where temporary files lie is decided once for a whole run of the tests",
    "OBS443": "the dashboards of the platform are part of obsgen",
    "OBS444": "lines are taken from the alerts themselves",
    "OBS446": "links are made from the dashboards that there are",
    "OBS448": "it takes more signals than a case can hold, and a bundle with a long text does the same",
    "OBS608": "it takes a second process, which tests/hostile/test_lock.py starts",
    "OBS501": "views are part of obsgen, not of a spec",
}


def test_every_code_has_a_case_or_a_reason() -> None:
    shown = {code for case in all_cases() for step in case.steps for code in step.findings}
    assert shown | BEYOND_A_SPEC.keys() == set(CODES)
    assert not shown & BEYOND_A_SPEC.keys()


def test_a_case_is_named_after_the_fault_as_explain_calls_it() -> None:
    for case in all_cases():
        code, _, rest = case.name.partition("-")
        if code in CODES:
            name = CODES[code].name
            assert rest == name or rest.startswith(f"{name}-"), case.name
        else:
            assert code in ("several", "fine"), case.name


def test_no_two_cases_are_about_the_same() -> None:
    about = Counter(case.about for case in all_cases())
    assert [text for text, count in about.items() if count > 1 or not text.strip()] == []
