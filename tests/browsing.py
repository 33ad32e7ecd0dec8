"""What a browser has asked for."""

import json

from selenium import webdriver


def requests(browser: webdriver.Chrome) -> list[str]:
    """Return the addresses that the browser asked for since this was read last."""
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    return [
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]
