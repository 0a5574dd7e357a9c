"""The pages in a browser, at a phone's and a desktop's size. With IMU_TRACKER_PICTURES=FOLDER they are also taken pictures of."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from serving import CHROMIUM, FLAGS, Served, app

sys.path.append(str(Path(__file__).resolve().parents[1] / "session"))

from named_store import keep_someone, named_store, picked_in

from imu_tracker.cli.demo import bundled_folder
from imu_tracker.files.reading import read_recording
from imu_tracker.files.writing import write_table
from imu_tracker.session.learning import name_sets
from imu_tracker.session.plan import Asked, Plan, read_plan
from imu_tracker.session.store import Store

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

playwright = pytest.importorskip("playwright.sync_api", reason="playwright isn't installed")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no Chromium in /usr/bin")

PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2.0,
    "is_mobile": True,
    "has_touch": True,
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
WAIT_MS = 60_000
KEPT = "2026-03-02_09-30-00"  # a session that is there from the start


def keep(store: Path, name: str, file: str) -> None:
    """A bundled recording as a kept session."""
    folder = store / name
    folder.mkdir()
    (stream,) = read_recording([bundled_folder() / file]).streams.values()
    words = {"placement": "pelvis", "exercise": file.split(".")[0], "subject": "kim", "side": "left" if "leg" in file else ""}
    write_table(stream, folder / "pelvis.parquet", {k: v for k, v in words.items() if v})


class Visit:
    """A page of a browser, what it asked for, and what went wrong in it."""

    def __init__(self, context: BrowserContext) -> None:
        self.page = context.new_page()
        self.page.set_default_timeout(WAIT_MS)
        self.hosts: set[str] = set()
        self.troubles: list[str] = []
        self.page.on("request", lambda r: self.hosts.add(r.url.split("/")[2]))
        self.page.on("pageerror", lambda e: self.troubles.append(str(e)))
        self.page.on("console", lambda m: self.troubles.append(m.text) if m.type == "error" else None)

    def count(self) -> int:
        """The number on the screen, 0 before there is one."""
        words = self.page.locator(".count b")
        said = words.first.text_content() if words.count() else "0"
        return int(said) if said and said.isdigit() else 0

    def fits(self) -> bool:
        """Whether nothing stands out at the sides."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))

    def picture(self, name: str) -> None:
        folder = os.environ.get("IMU_TRACKER_PICTURES")
        if folder:
            path = str(Path(folder) / f"{name}.png")
            self.page.screenshot(path=path, animations="disabled", style=".where { visibility: hidden }")  # a test's own folder


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    store = tmp_path_factory.mktemp("store")
    keep(store, KEPT, "lateral_band_walk.csv")
    with app(store, "--demo", "--speed", "3") as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with playwright.sync_playwright() as p, p.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS) as launched:
        yield launched


def test_a_session_from_the_first_tap_to_its_review(served: Served, browser: Browser) -> None:
    desk, phone = Visit(browser.new_context(**DESKTOP)), Visit(browser.new_context(**PHONE))
    for visit in (desk, phone):
        visit.page.goto(served.link)
        visit.page.get_by_role("button", name="Start the demo").wait_for()
        assert "token" not in visit.page.url
        assert visit.fits()
    phone.picture("setup-phone")

    desk.page.get_by_label("Target").fill("20")
    desk.page.get_by_role("button", name="Start the demo").click()
    phone.page.get_by_text("Now bow forward").wait_for()  # a second browser follows
    assert phone.fits()
    phone.picture("guide-phone")

    phone.page.wait_for_function("Number(document.querySelector('.count:not(.idle) b')?.textContent) >= 5")
    assert phone.fits()
    seen = phone.count()
    phone.page.reload()  # in mid-set
    phone.page.wait_for_function(f"Number(document.querySelector('.count:not(.idle) b')?.textContent) >= {seen}")
    for visit, size in ((desk, "desktop"), (phone, "phone")):
        visit.page.locator(".pelvis.past").wait_for()
        visit.picture(f"live-{size}")
    assert abs(desk.count() - phone.count()) <= 1
    large = desk.page.locator(".count b").bounding_box()
    assert large is not None
    assert large["height"] > 0.4 * 900

    desk.page.close()  # who started it goes away: it goes on
    phone.page.get_by_text("Session kept").wait_for()
    assert phone.page.locator("td b").first.text_content() == "24 steps"
    phone.page.get_by_role("link", name="Look at it").click()
    phone.page.get_by_role("heading", name="Set 1: Lateral band walk, 24 steps").wait_for()
    phone.page.get_by_role("button", name="Rep 8,").click()
    assert phone.page.locator(".numbers dd").first.text_content() == "8 left"
    assert phone.fits()
    phone.picture("session-phone")
    for visit in (desk, phone):
        assert visit.hosts == {served.base.removeprefix("http://")}
        assert visit.troubles == []


def test_a_correction_changes_the_summary_and_is_taken_back(served: Served, browser: Browser) -> None:
    visit = Visit(browser.new_context(**DESKTOP))
    page = visit.page
    page.goto(served.link.replace("/?", f"/session/{KEPT}?"))
    page.get_by_role("heading", name="Set 1:").wait_for()
    visit.picture("session-desktop")
    page.get_by_text("Correct", exact=True).click()
    page.get_by_label("Count").fill("22")
    page.get_by_role("button", name="Apply").click()
    page.get_by_role("heading", name="22 steps").wait_for()
    page.get_by_role("link", name="History").click()
    page.get_by_text("22 reps").first.wait_for()
    page.go_back()
    page.get_by_role("button", name="Take the last correction back").click()
    page.get_by_role("heading", name="24 steps").wait_for()
    assert visit.troubles == []


def test_the_strip_zooms_pans_and_shows_a_tapped_rep(served: Served, browser: Browser) -> None:
    visit = Visit(browser.new_context(**DESKTOP))
    page = visit.page
    page.goto(served.link.replace("/?", f"/session/{KEPT}?"))
    canvas = page.locator(".strip canvas")
    canvas.wait_for()
    page.get_by_role("heading", name="Set 1:").wait_for()
    before = canvas.screenshot()
    canvas.focus()
    for key in ("+", "+", "ArrowRight"):
        page.keyboard.press(key)
    page.wait_for_timeout(200)
    closer = canvas.screenshot()
    assert closer != before
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + 60)
    page.locator(".numbers").wait_for()
    page.get_by_role("button", name="All of it").click()
    assert visit.troubles == []


def test_a_plan_is_clicked_together_and_followed(tmp_path: Path, browser: Browser) -> None:
    with app(tmp_path, "--demo", "--speed", "4") as running:
        desk, phone = Visit(browser.new_context(**DESKTOP)), Visit(browser.new_context(**PHONE))
        page = desk.page
        page.goto(running.link.replace("/?", "/plan?"))
        page.get_by_text("Nothing is prescribed yet").wait_for()
        for name in ("Single-leg squat", "Lateral band walk", "Wall lean"):
            page.get_by_role("button", name="Add an exercise").click()
            row = page.locator(".asked").last
            row.get_by_label("Exercise").select_option(label=name)
            page.get_by_role("status").get_by_text("Saved").wait_for()
        walk = page.locator(".asked", has=page.locator("option:checked", has_text="Lateral band walk"))
        walk.get_by_label("Steps").fill("0")
        walk.get_by_label("Steps").blur()
        assert "should be a whole number" in page.get_by_role("alert").inner_text()
        for label, value in {
            "Steps": "20",
            "Sets": "2",
            "Out": "0.5",
            "Pause": "0.3",
            "Back": "0.5",
            "Load or band": "green",
        }.items():
            walk.get_by_label(label, exact=True).fill(value)
            walk.get_by_label(label, exact=True).blur()
        page.get_by_role("alert").wait_for(state="detached")
        page.get_by_role("button", name="Earlier: Lateral band walk").click()
        page.get_by_role("button", name="Remove: Wall lean").click()
        page.get_by_role("status").get_by_text("Saved").wait_for()
        squat = Asked("single_leg_squat", 3, 10, side="each")
        asked = Asked("lateral_band_walk", 2, 20, tempo_s=(0.5, 0.3, 0.5), load="green")
        page.wait_for_function("document.querySelectorAll('.asked').length === 2")
        assert read_plan(tmp_path) == Plan((asked, squat))
        phone.page.goto(running.link.replace("/?", "/plan?"))
        phone.page.locator(".asked").nth(1).wait_for()
        for visit, size in ((desk, "desktop"), (phone, "phone")):
            assert visit.fits()
            visit.picture(f"plan-{size}")

        phone.page.get_by_role("button", name="Begin").click()
        phone.page.get_by_role("button", name="Start the demo").click()
        phone.page.get_by_text("Set 1 of 8").wait_for()
        assert "20 steps · tempo 0.5–0.3–0.5 s · green" in phone.page.locator(".want").inner_text()
        phone.page.locator(".pelvis.past").wait_for()
        assert phone.fits()
        phone.picture("live-plan-phone")
        phone.page.get_by_text("All sets").click()
        phone.page.get_by_role("button", name="Single-leg squat, left 10 reps").first.click()
        phone.page.get_by_role("heading", name="Single-leg squat, left").wait_for()
        phone.page.get_by_text("All sets").click()
        phone.page.get_by_role("button", name="Lateral band walk 20 steps").first.click()
        phone.page.get_by_text("Session kept").wait_for()
        phone.page.get_by_role("link", name="Look at it").click()
        phone.page.get_by_role("heading", name="Done against asked").wait_for()
        assert "1 of 2 sets" in phone.page.locator(".against li").first.inner_text()
        assert phone.fits()
        for visit in (desk, phone):
            assert [t for t in visit.troubles if "400" not in t] == []  # the browser's own word for what was refused


def test_what_is_said_of_a_set_is_there_when_the_page_is_opened_again(tmp_path: Path, browser: Browser) -> None:
    for name in (KEPT, "2026-03-09_09-30-00"):
        keep(tmp_path, name, "lateral_band_walk.csv")
    Store(tmp_path).rebuild()
    with app(tmp_path) as running:
        for size, shape in (("desktop", DESKTOP), ("phone", PHONE)):
            visit = Visit(browser.new_context(**shape))
            page = visit.page
            page.goto(running.link.replace("/?", "/session/2026-03-09_09-30-00?"))
            page.get_by_label("Load or band").fill("green band")
            page.get_by_label("Effort").select_option("7")
            page.get_by_label("Pain").select_option("2")
            page.locator("#set_note").fill(size)
            page.locator(".said").get_by_role("button", name="Save").click()
            page.locator(".said").get_by_text("Saved").wait_for()
            page.reload()
            page.get_by_role("heading", name="Since last time").wait_for()
            found = [page.locator(f"#{what}").input_value() for what in ("load", "effort", "pain", "set_note")]
            assert found == ["green band", "7", "2", size]
            assert page.get_by_text("no change that can be told").count() > 1  # the very same was done
            assert visit.fits()
            page.locator(".detail").evaluate("e => e.scrollIntoView()")
            visit.picture(f"session-said-{size}")
            assert visit.troubles == []


def test_the_edges_of_a_rep_are_moved_by_numbers_and_by_dragging_and_taken_back(tmp_path: Path, browser: Browser) -> None:
    keep(tmp_path, KEPT, "single_leg_squat.csv")
    with app(tmp_path) as running:
        visit = Visit(browser.new_context(**DESKTOP))
        page = visit.page
        page.goto(running.link.replace("/?", f"/session/{KEPT}?"))
        page.get_by_role("button", name="Rep 3,").click()
        took = page.locator(".numbers dd").nth(1)
        before = took.inner_text()
        page.get_by_text("Correct", exact=True).click()
        end = float(page.get_by_label("to", exact=True).input_value())
        page.get_by_label("to", exact=True).fill(str(end - 0.3))
        page.get_by_role("button", name="Move").press("Enter")
        page.get_by_role("button", name="Take the last correction back (1)").wait_for()
        shorter = took.inner_text()
        assert float(shorter.removesuffix("s")) == pytest.approx(float(before.removesuffix("s")) - 0.3, abs=0.11)

        canvas = page.locator(".strip canvas")
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        assert box is not None
        x = page.evaluate("strip_.x(strip_.sets[0].reps[2].end_s)")
        page.mouse.move(box["x"] + x, box["y"] + 60)
        page.mouse.down()
        page.mouse.move(box["x"] + x - 12, box["y"] + 62, steps=4)
        page.mouse.up()
        page.get_by_role("button", name="Take the last correction back (2)").wait_for()
        assert took.inner_text() < shorter
        for left in (1, 0):
            page.get_by_role("button", name="Take the last correction back").click()
            if left:
                page.get_by_role("button", name="Take the last correction back (1)").wait_for()
        page.get_by_role("button", name="Take the last correction back").wait_for(state="detached")
        assert took.inner_text() == before
        page.get_by_role("button", name="No rep").click()
        page.get_by_role("heading", name="7 reps").wait_for()
        assert visit.troubles == []


def test_a_plan_that_cannot_be_read_is_told_and_in_nobodys_way(tmp_path: Path, browser: Browser) -> None:
    (tmp_path / "plan.toml").write_text("[[exercise]\n")
    with app(tmp_path, "--demo") as running:
        page = browser.new_context(**PHONE).new_page()
        page.goto(running.link)
        page.get_by_text("no valid TOML").wait_for()
        assert page.get_by_role("button", name="Start the demo").is_enabled()
        page.get_by_role("link", name="Plan").click()
        assert "no valid TOML" in page.get_by_role("alert").inner_text()
        assert page.get_by_role("button", name="Add an exercise").count() == 0


def test_history_over_ten_sessions(tmp_path: Path, browser: Browser) -> None:
    names = ("lateral_band_walk.csv", "single_leg_squat.csv", "lateral_step_up.parquet")
    for k in range(10):
        keep(tmp_path, f"2026-03-{1 + 2 * k:02}_18-{5 + 3 * k:02}-00", names[k % 3])
    Store(tmp_path).rebuild()
    with app(tmp_path) as running:
        for size, shape in (("desktop", DESKTOP), ("phone", PHONE)):
            visit = Visit(browser.new_context(**shape))
            visit.page.goto(running.link.replace("/?", "/history?"))
            visit.page.get_by_role("heading", name="Lateral band walk").wait_for()
            assert visit.page.locator(".week li").count() == 10
            assert visit.page.locator(".week").count() == 4
            assert visit.fits()
            visit.picture(f"history-{size}")
            assert visit.troubles == []


def test_teach_train_and_use_a_model(tmp_path: Path, browser: Browser) -> None:
    named_store(tmp_path)
    keep_someone(tmp_path, "bend", 0, 10)
    keep_someone(tmp_path, "bend", 0, 11, take=1)
    Store(tmp_path).rebuild()
    with app(tmp_path) as running:
        desk = Visit(browser.new_context(**DESKTOP))
        page = desk.page
        page.goto(running.link.replace("/?", "/teach?"))
        page.get_by_role("checkbox").nth(1).check()  # the newest but one
        page.get_by_label("They are").fill("Slow bend")
        page.get_by_role("button", name="Name and teach").click()
        page.get_by_text("Learnt Slow bend.").wait_for()
        assert page.locator(".taught").inner_text().startswith("taught Slow bend, 1 set")
        keep_someone(tmp_path, "bend", 0, 12, take=2)
        page.goto(f"{running.base}/session/2026-03-12_11-10-00")
        page.get_by_role("heading", name="Set 1: Slow bend").wait_for()
        page.goto(f"{running.base}/session/2026-03-10_09-10-00")
        page.get_by_role("heading", name="Set 1: Slow bend").wait_for()
        page.goto(f"{running.base}/session/2026-03-11_10-10-00")  # from before it was taught
        page.get_by_role("heading", name="Set 1: Not named").wait_for()
        page.get_by_label("Note").last.fill("was slow")
        page.get_by_role("button", name="Look again").click()
        page.get_by_text("Analysed anew").wait_for()
        page.get_by_role("heading", name="Set 1: Slow bend").wait_for()
        assert page.get_by_label("Note").last.input_value() == "was slow"
        page.get_by_text("Correct", exact=True).click()
        page.get_by_label("Exercise").select_option("Hop")
        page.get_by_role("button", name="Apply").click()
        page.get_by_role("heading", name="Set 1: Hop").wait_for()
        page.get_by_role("button", name="Take the last correction back").click()
        page.get_by_role("heading", name="Set 1: Slow bend").wait_for()

        page.get_by_role("link", name="Teach").click()
        page.get_by_label("The model's name").fill("ways")
        page.get_by_role("button", name="Train", exact=True).click()
        page.get_by_role("button", name="Stop").wait_for()
        phone = Visit(browser.new_context(**PHONE))  # another browser follows, and it goes on without the first
        phone.page.goto(running.link.replace("/?", "/teach?"))
        page.close()
        phone.page.get_by_text("is trained").wait_for()
        assert phone.page.locator(".confusion tbody tr").count() == 4
        phone.page.get_by_role("button", name="Use it").click()
        phone.page.get_by_text("ways names exercises from now on").wait_for()
        assert phone.fits()
        phone.page.locator(".model.used").evaluate("model => model.scrollIntoView()")
        phone.picture("teach-phone")
        again = Visit(browser.new_context(**DESKTOP))
        again.page.goto(running.link.replace("/?", "/teach?"))
        again.page.get_by_text("How good it is").click()
        again.picture("teach-desktop")
        phone.page.get_by_role("link", name="Live").click()
        phone.page.get_by_text("Named by your model ways").wait_for()
        assert phone.fits()
        phone.page.get_by_role("link", name="Teach").click()
        phone.page.get_by_role("radio", name="Built-in").check()
        phone.page.get_by_text("Built-in names exercises from now on").wait_for()
        for visit in (desk, phone, again):
            assert visit.hosts == {running.base.removeprefix("http://")}
            assert visit.troubles == []


def test_a_name_of_ones_own_is_done_in_live(tmp_path: Path, browser: Browser) -> None:
    keep(tmp_path, KEPT, "single_leg_squat.csv")
    store = Store(tmp_path)
    name_sets(store, picked_in(store, KEPT), "heavy clam")
    with app(tmp_path, "--demo", "--speed", "6") as running:
        visit = Visit(browser.new_context(**PHONE))
        page = visit.page
        page.goto(running.link)
        page.get_by_label("Exercise").locator("optgroup option").wait_for(state="attached")
        page.get_by_label("Exercise").select_option("Heavy clam")
        assert visit.fits()
        page.get_by_role("button", name="Start the demo").click()
        page.get_by_role("heading", name="Heavy clam").wait_for()
        page.get_by_text("Session kept").wait_for()
        page.get_by_role("link", name="Look at it").click()
        page.get_by_role("heading", name="Set 1: Heavy clam").wait_for()
        assert visit.troubles == []


def test_without_bluetooth_the_scan_says_so(tmp_path: Path, browser: Browser) -> None:
    with app(tmp_path) as running:
        visit = Visit(browser.new_context(**PHONE))
        visit.page.goto(running.link)
        assert visit.page.get_by_role("button", name="Start", exact=True).is_disabled()
        visit.page.get_by_role("button", name="Look for sensors").click()
        visit.page.locator("[role=alert], .notice").first.wait_for()  # no radio here, or none of our sensors near
        visit.picture("scan-phone")


def test_ctrl_c_in_mid_session_keeps_it(tmp_path: Path, browser: Browser) -> None:
    with app(tmp_path, "--demo", "--speed", "8") as running:
        page = browser.new_context(**PHONE).new_page()
        page.goto(running.link)
        page.get_by_role("button", name="Start the demo").click()
        page.locator(".count:not(.idle)").wait_for(timeout=WAIT_MS)
        assert running.interrupt() == 0
    (listed,) = Store(tmp_path).list()
    assert listed.entry.trouble is None
    assert listed.entry.sets is not None


def test_ending_takes_two_taps(tmp_path: Path, browser: Browser) -> None:
    with app(tmp_path, "--demo") as running:
        visit = Visit(browser.new_context(**PHONE))
        visit.page.goto(running.link)
        visit.page.get_by_role("button", name="Start the demo").click()
        visit.page.get_by_role("button", name="Skip").click()
        visit.page.get_by_role("button", name="End session").click()
        visit.page.get_by_role("button", name="Tap again to end").click()
        visit.page.get_by_role("button", name="New session").click()
        visit.page.get_by_role("button", name="Start the demo").wait_for()
        assert visit.troubles == []


def test_a_silent_sensor_is_not_a_lost_app(tmp_path: Path, browser: Browser) -> None:
    with app(tmp_path, "--demo", "--speed", "0.1") as running:  # a sample's second takes ten
        page = browser.new_context(**PHONE).new_page()
        page.goto(running.link)
        page.get_by_role("button", name="Start the demo").click()
        page.get_by_text("Stand still").first.wait_for()
        page.wait_for_timeout(5000)  # longer than a page waits for a word
        assert page.locator(".lost").count() == 0


def test_an_address_without_its_key_says_what_to_do(served: Served, browser: Browser) -> None:
    page = browser.new_context().new_page()
    page.goto(served.base)
    assert "Open this page by the link" in page.inner_text("body")


def test_a_link_in_another_sites_page_opens_it(served: Served, browser: Browser) -> None:
    page = browser.new_context().new_page()
    page.set_content(f'<a href="{served.link}">the app, as a mail program shows it</a>')
    page.get_by_role("link").click()
    page.get_by_role("link", name="History").wait_for(timeout=WAIT_MS)
    assert page.url == served.base + "/"


def test_a_session_that_is_not_there_is_a_sentence(served: Served, browser: Browser) -> None:
    page = browser.new_context().new_page()
    page.goto(served.link.replace("/?", "/session/nothing?"))
    assert "There is no session" in page.get_by_role("alert").inner_text()


def test_a_lost_connection_is_told_and_the_count_stays(tmp_path: Path, browser: Browser) -> None:
    with app(tmp_path, "--demo", "--speed", "8") as running:
        visit = Visit(browser.new_context(**DESKTOP))
        visit.page.goto(running.link)
        visit.page.get_by_role("button", name="Start the demo").click()
        visit.page.wait_for_function("Number(document.querySelector('.count:not(.idle) b')?.textContent) >= 3")
        running.process.kill()
        visit.page.get_by_text("This page has lost the app").wait_for()
        assert visit.count() >= 3
        visit.picture("lost-desktop")
