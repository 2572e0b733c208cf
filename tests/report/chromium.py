"""A headless Chromium that is spoken to over a pipe, in the DevTools protocol: no port, no driver, no further package.

What it does is what somebody at the screen does: it opens the page from the disk, runs its script, clicks, types and prints.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from base64 import b64decode
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
NO_CHROMIUM = "没有 Chromium（chromium、chromium-browser、google-chrome 都找不到）：页面没有在真的浏览器里试过"
_PATIENCE = 60  # seconds for one answer: two cores, and others at work on them
# The protocol wants descriptors 3 and 4; by way of high ones, since the pipes may themselves be those.
_LAUNCH = "import os, sys; [os.dup2(int(at), 1013 + n) for n, at in enumerate(sys.argv[1:3])]; "
_LAUNCH += "[os.dup2(1013 + n, 3 + n) for n in (0, 1)]; os.execv(sys.argv[3], sys.argv[3:])"
_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe")


class Tab:
    """One page of the browser. ``heard``: the events that came meanwhile, as the protocol has them."""

    def __init__(self, orders: int, answers: int) -> None:
        self._orders, self._answers, self._rest = orders, answers, b""
        self._count, self._session = 0, ""
        self.heard: list[dict[str, Any]] = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """The answer to one order. RuntimeError if the browser refuses it or is gone."""
        self._count += 1
        order = {"id": self._count, "method": method, "params": params}
        if self._session:
            order["sessionId"] = self._session
        os.write(self._orders, json.dumps(order).encode() + b"\0")
        while (said := self._next()).get("id") != self._count:
            self.heard.append(said)
        if "error" in said:
            raise RuntimeError(f"{method}: {said['error']}")
        return said["result"]

    def open(self, address: str) -> None:
        """Open ``address`` and wait until it is loaded."""
        self.heard.clear()
        self.ask("Page.navigate", url=address)
        until = time.monotonic() + _PATIENCE
        while not any(event.get("method") == "Page.loadEventFired" for event in self.heard):
            if time.monotonic() > until:
                raise RuntimeError(f"not loaded: {address}")
            self.run("0")

    def run(self, script: str) -> Any:
        """What ``script`` gives, as plain data; a promise is waited for. RuntimeError with what it throws."""
        said = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in said:
            raise RuntimeError(str(said["exceptionDetails"]))
        return said["result"].get("value")

    def click(self, selector: str) -> None:
        """Press and release the mouse in the middle of what ``selector`` finds first."""
        spot = self.run(
            f"(() => {{ const at = document.querySelector({json.dumps(selector)}); at.scrollIntoView({{block: 'center'}});"
            " const box = at.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=spot[0], y=spot[1], button="left", clickCount=1)

    def type(self, selector: str, text: str) -> None:
        """Put the cursor where ``selector`` finds a field, and type."""
        self.run(f"document.querySelector({json.dumps(selector)}).focus()")
        self.ask("Input.insertText", text=text)

    def choose(self, selector: str, value: str) -> None:
        """Choose ``value`` in a list of choices, with the event that a choice makes."""
        self.run(
            f"(() => {{ const at = document.querySelector({json.dumps(selector)}); at.value = {json.dumps(value)};"
            " at.dispatchEvent(new Event('input', {bubbles: true})); })()"
        )

    def wide(self, width: int, height: int = 900) -> None:
        """Make the window ``width`` × ``height`` CSS pixels."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def picture(self) -> bytes:
        """The window as a PNG."""
        return b64decode(self.ask("Page.captureScreenshot", format="png")["data"])

    def pdf(self) -> bytes:
        """The page as it is printed, on the paper that its own style asks for."""
        return b64decode(self.ask("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"])

    def requested(self) -> list[str]:
        """Every address that was asked for since ``open``."""
        return [e["params"]["request"]["url"] for e in self.heard if e.get("method") == "Network.requestWillBeSent"]

    def complaints(self) -> list[str]:
        """What the console got to hear: exceptions, refusals by the page's policy, messages."""
        kinds = ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded")
        return [json.dumps(event["params"]) for event in self.heard if event.get("method") in kinds]

    def quit(self) -> None:
        """End the browser in order."""
        self._session = ""
        with suppress(RuntimeError, OSError):
            self.ask("Browser.close")

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            part = os.read(self._answers, 1 << 20)
            if not part:
                raise RuntimeError("Chromium is gone")
            self._rest += part
        one, self._rest = self._rest.split(b"\0", 1)
        return json.loads(one)


@contextmanager
def browser(profile: Path) -> Iterator[Tab]:
    """A browser with an empty profile in ``profile``, for as long as the block lasts."""
    assert CHROMIUM, NO_CHROMIUM
    (their_end, orders), (answers, their_start) = os.pipe(), os.pipe()
    launch = [sys.executable, "-c", _LAUNCH, str(their_end), str(their_start)]
    command = [*launch, CHROMIUM, *_FLAGS, f"--user-data-dir={profile}"]
    pipes = (their_end, their_start)
    with subprocess.Popen(command, pass_fds=pipes, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        for end in pipes:
            os.close(end)
        try:
            tab = Tab(orders, answers)
            yield tab
            tab.quit()
        finally:
            os.close(orders)  # whatever happened: a browser that is no longer spoken to ends by itself
            os.close(answers)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
