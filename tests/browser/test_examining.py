"""The examiner finds what is planted, and nothing on a page that is in order."""

import pytest

from tests.browser.examining import Examiner

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


PLANTED = """
  const later = (act) => requestAnimationFrame(() => requestAnimationFrame(act));
  document.addEventListener("DOMContentLoaded", () => later(() => {
    const image = new Image();
    image.src = "/static/img/mark.svg";
    image.style.minWidth = "900px";
    document.querySelector("main").prepend(image);
    const small = document.createElement("a");
    small.href = "/small/";
    small.textContent = "x";
    document.querySelector("main").append(small);
    console.error("planted");
    document.querySelector("h1").style.color = "light-dark(#eee, #333)";
  }));
"""


def test_planted_faults_are_found(live_server, new_context):
    examiner = Examiner(new_context(service_workers="block").new_page())
    examiner.at("no network")
    examiner.examine(live_server.url + "/offline/")
    assert examiner.findings == []

    examiner.page.add_init_script(PLANTED)
    examiner.examine(live_server.url + "/offline/")

    found = "\n".join(examiner.findings)
    for fault in (
        "complains: planted",
        "1366 px: jumps: ",
        "360 px: jumps: ",
        "360 px: wider than the window: IMG",
        '360 px: too small for a thumb: a "x": width of ',
        "1366 px light: image-alt at ",
        "1366 px light: color-contrast at h1",
        "1366 px dark: color-contrast at h1",
    ):
        assert f"no network: {fault}" in found
