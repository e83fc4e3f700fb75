"""The page of a checked article in a browser: choose a number, copy its paragraph, pick it and save what was picked, on a laptop and a phone."""

from __future__ import annotations

import pytest

from analysis import claims
from analysis.claims.check import check
from analysis.report import published

TEXT = "Kent Police recorded 16,847 shoplifting offences in 2024/25, up from 15,130 a year earlier. </script><b>42</b>"


@pytest.mark.parametrize("width", [1280, 390])
def test_a_number_is_chosen_copied_picked_and_saved(open_file, tmp_path, width):
    path = tmp_path / "article.html"
    path.write_text(published.checked_page(check(TEXT, published="2025-07-24")), encoding="utf-8")
    seen = open_file(path, width=width)
    page = seen.page
    page.locator("a.n").first.click()
    panel = page.locator(".panel.open")
    assert panel.count() == 1
    panel.locator("[data-copy]").first.click()
    page.wait_for_function("document.getElementById('said').textContent === 'Copied.'")
    panel.locator("[data-pick]").first.click()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className").startswith("n count")
    with page.expect_download() as download:
        page.locator("#save").click()
    download.value.save_as(tmp_path / "claims.yaml")
    loaded = claims.load(tmp_path / "claims.yaml")
    assert (loaded.errors, [int(claim.value.number) for claim in loaded.claims]) == ((), [16847])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert seen.messages == []


def test_the_keyboard_alone_comes_to_a_paragraph_and_a_frame_lets_it_be_saved(open_file, tmp_path):
    path = tmp_path / "frame.html"
    frame = published.checked_frame(check(TEXT, published="2025-07-24"))
    path.write_text(f"<!doctype html><title>A notebook</title>{frame}", encoding="utf-8")
    page = open_file(path).page
    inside = page.frames[1]
    inside.locator("a.n").first.focus()
    page.keyboard.press("Enter")
    inside.locator(".panel.open [data-pick]").first.focus()
    page.keyboard.press("Enter")
    with page.expect_download() as download:
        inside.locator("#save").click()
    assert download.value.suggested_filename == "claims.yaml"
