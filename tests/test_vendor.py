"""What pages load from others is the file that was fetched, with its licence beside it."""

import json

from deploy import vendor


def test_every_vendored_file_is_the_one_in_the_manifest():
    assert vendor.problems() == []


def test_a_changed_file_is_noticed(tmp_path, monkeypatch):
    folder = tmp_path / "vendor"
    folder.mkdir()
    (folder / "one.js").write_text("good")
    entry = {"file": "one.js", "package": "one", "version": "1", "sha384": vendor.digest(folder / "one.js")}
    (folder / "manifest.json").write_text(json.dumps([entry, entry | {"file": "two.js"}]))
    (folder / "one.js").write_text("changed")
    (folder / "three.js").write_text("")
    monkeypatch.setattr(vendor, "VENDOR", folder)
    monkeypatch.setattr(vendor, "MANIFEST", folder / "manifest.json")

    assert vendor.problems() == [
        "three.js is not in the manifest.",
        "two.js is missing.",
        "one.js is not the file that was fetched.",
    ]


def test_each_package_brings_its_licence():
    for wanted in vendor.PACKAGES.values():
        assert (vendor.VENDOR / wanted["folder"] / "LICENSE").read_text().strip()


def test_the_check_says_all_is_well(capsys):
    assert vendor.main(["--check"]) == 0
    assert capsys.readouterr().err == ""
