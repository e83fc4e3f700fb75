"""The page of a checked article: whole in one file, within its Content-Security-Policy, whatever the text holds."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import yaml

from analysis.claims.check import check
from analysis.report import published

TEXT = "Kent Police recorded 16,847 <b>shoplifting</b> offences in 2024/25 & more. </script><script>alert(1)</script> 43 men."
PAGE = published.checked_page(check(TEXT, published="2025-07-24"))


def test_scripts_and_styles_are_let_in_by_their_hash_alone():
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', PAGE)[1]
    for tag, name in (("script", "script-src"), ("style", "style-src")):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", PAGE, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{name} 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_nothing_of_a_text_is_markup_and_nothing_is_fetched():
    assert "<b>shoplifting" not in PAGE
    assert "alert(1)</script>" not in PAGE
    assert not re.findall(r'(?:src|href)="(?!#)', PAGE)


def test_every_claim_of_the_page_is_yaml_under_its_key():
    (data,) = re.findall(r'id="claims">(.*?)</script>', PAGE, re.DOTALL)
    assert "<" not in data
    entries = json.loads(data)
    assert set(re.findall(r'data-pick="([^"]+)"', PAGE)) == set(entries)
    assert all("draft" not in yaml.safe_load(entry)[0] for entry in entries.values())


def test_every_number_is_marked_with_its_kind():
    assert re.search(r'<a class="n count both"[^>]*>16,847<', PAGE)
    assert re.search(r'<span class="n other"[^>]*>43<', PAGE)


def test_a_notebook_shows_it_in_a_frame_of_its_own():
    frame = published.checked_frame(check(TEXT, published="2025-07-24"))
    assert 'sandbox="allow-scripts allow-downloads"' in frame
    assert "<script" not in frame
