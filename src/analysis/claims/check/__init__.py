"""From an article to claims: every number that it gives, and what each may be; a person picks."""

from analysis.claims.check.checked import Checked, Listed, Reading, check, read

__all__ = ["Checked", "Listed", "Reading", "check", "read"]
