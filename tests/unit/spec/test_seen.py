"""A shipped pack's metric names rest on more than the tests that feed them."""

from __future__ import annotations

from functools import cache

import pytest

from obsgen.spec.library import load_pack, pack_folders
from obsgen.spec.seen import SeenSpec, witnesses
from tests.e2e.test_metric_names import SYSTEMS

PACKS = pack_folders()


def entry(how="unconfirmed", **written):
    return SeenSpec.model_validate({"how": how, **written})


@cache
def spec_of(pack):
    return load_pack(PACKS[pack]).spec


def marked_run(pack):
    spec = spec_of(pack)
    seen = spec.source.seen
    return {name for name, number in witnesses(spec.metrics, seen).items() if seen[number].how == "run"}


def asked_in_tests(pack):
    declared = spec_of(pack).metrics
    return {name for one in SYSTEMS if one.pack.endswith(f"/{pack}") for name in one.asked(declared)}


@pytest.mark.parametrize("pack", PACKS)
def test_every_shipped_pack_says_where_each_of_its_metrics_was_seen(pack):
    spec = spec_of(pack)
    assert [name for name, number in witnesses(spec.metrics, spec.source.seen).items() if number is None] == []


@pytest.mark.parametrize("pack", PACKS)
def test_what_is_said_to_be_run_is_asked_of_a_real_program(pack):
    everywhere = {name for other in PACKS for name in asked_in_tests(other)}
    assert marked_run(pack) <= everywhere
    assert asked_in_tests(pack) <= marked_run(pack)


def test_the_first_entry_that_has_a_name_speaks_for_it():
    seen = [entry(metrics="queue_.*"), entry(how="run", where="queue 1.2")]
    assert witnesses(["queue_size", "cache_size"], seen) == {"queue_size": 0, "cache_size": 1}


def test_a_name_is_matched_as_a_whole():
    assert witnesses(["queue_size_total"], [entry(metrics="queue_size")]) == {"queue_size_total": None}


def test_what_prometheus_writes_of_each_target_needs_no_witness():
    assert witnesses(["up", "scrape_duration_seconds"], []) == {}
