"""The restricted folder says of itself what it holds."""

import re

from checkout import Checkout


def test_each_folder_is_described_and_no_other(small: Checkout) -> None:
    restricted = small.folder / "results" / "restricted"
    guide = (restricted / "README.md").read_text(encoding="utf-8")
    described = set(re.findall(r"`([a-z]+)/`", guide.partition("|---")[2]))
    folders = {path.name for path in restricted.iterdir() if path.is_dir()}
    assert folders - described == set()
    # They come with several waves, a set disclosure rule and an accepted release.
    assert described - folders <= {"change", "gate", "releases"}
    for name in re.findall(r"`([a-z]+/KEN/[a-z.]+)`", guide):
        assert (restricted / name).is_file()
