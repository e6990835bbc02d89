"""Our static files: what a phone gets of them."""

import pytest

from dashboard.web.assets import FOLDER, read

OURS = [path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.*s*") if path.suffix in (".css", ".js")]


@pytest.mark.parametrize("name", OURS)
def test_a_phone_gets_no_comments_of_ours_and_a_vendors_file_as_it_came(name: str) -> None:
    source, sent = (FOLDER / name).read_bytes(), read(name)
    if name.startswith("vendor/"):
        assert sent == source
        return
    assert len(sent) < len(source)
    assert not any(line.lstrip().startswith((b"//", b"/*")) for line in sent.splitlines())
    if name.endswith(".css"):
        assert b"/*" not in sent and sent.count(b"{") == source.count(b"{") == sent.count(b"}")


def test_a_picture_is_sent_as_it_is() -> None:
    assert read("icon-192.png") == (FOLDER / "icon-192.png").read_bytes()
