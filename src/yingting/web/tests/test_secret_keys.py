"""The installation's secret keys: the present one first, then those that still open what they sealed."""

from yingting.web import settings as house


def test_the_environment_names_the_present_key_and_earlier_ones(monkeypatch):
    monkeypatch.setenv("YINGTING_SECRET_KEY", "new")
    monkeypatch.setenv("YINGTING_EARLIER_SECRET_KEYS", "old,older")
    assert house._secret_keys() == ["new", "old", "older"]
    monkeypatch.delenv("YINGTING_EARLIER_SECRET_KEYS")
    assert house._secret_keys() == ["new"]


def test_without_one_a_key_is_made_once_and_further_lines_are_earlier_keys(monkeypatch, tmp_path):
    monkeypatch.delenv("YINGTING_SECRET_KEY", raising=False)
    monkeypatch.setattr(house, "TESTING", False)
    monkeypatch.setattr(house, "DATA_DIR", tmp_path)
    (made,) = house._secret_keys()
    assert (len(made) > 50, house._secret_keys()) == (True, [made])
    kept = tmp_path / "secret.key"
    assert kept.stat().st_mode & 0o077 == 0
    kept.write_text(f"new\n{made}\n", encoding="ascii")
    assert house._secret_keys() == ["new", made]
