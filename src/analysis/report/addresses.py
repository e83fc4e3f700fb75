"""Addresses of the pages that are not a force's, and what a link to each says."""

from __future__ import annotations

from analysis.terms import forces

NATIONAL = forces.ENGLAND_AND_WALES.slug
CLAIMS = "claims"
METHODS = "methods"

OTHER_PAGES = {
    NATIONAL: "England and Wales, all forces together",
    CLAIMS: "Published claims, each held against the figures",
    METHODS: "Methods and data quality: every formula with a worked example, and what is known of the figures",
}
