"""What is mounted is told, what is told is mounted, and what is told is true."""

import re

import jsonschema_rs
import pytest

from forum.errors import CODES
from forum.live import events
from forum.models import TokenScope
from tests.api.conftest import PREFIX

NOT_TOLD = {f"{PREFIX}/openapi.json", f"{PREFIX}/asyncapi.json"}


def mounted(site):
    for rule in site.url_map.iter_rules():
        if rule.rule.startswith("/api/") and rule.rule not in NOT_TOLD:
            path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix(PREFIX))
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                yield path, method.lower()


def test_every_mounted_route_is_told_and_no_other(site, contract):
    told = {(path, method) for path, item in contract.document["paths"].items() for method in item}
    assert set(mounted(site)) == told
    assert len(told) >= 70


def test_every_code_is_told_somewhere(contract):
    told = {
        code
        for item in contract.document["paths"].values()
        for operation in item.values()
        for response in operation["responses"].values()
        for code in response["description"].split(", ")
    }
    assert set(CODES) <= told


def test_every_scope_opens_something(contract):
    needed = {
        scope
        for item in contract.document["paths"].values()
        for operation in item.values()
        for way in operation["security"]
        for scope in way.get("key", ())
    }
    assert needed == set(TokenScope)


def test_every_post_that_creates_takes_a_key_and_every_edit_a_version(contract):
    for path, item in contract.document["paths"].items():
        for method, operation in item.items():
            headers = {one["name"] for one in operation["parameters"] if one["in"] == "header"}
            has_id = "cid" in contract.document["components"]["schemas"].get("NewMessage", {})["properties"]
            if method == "post" and not (path.endswith("/messages") and has_id):
                assert "Idempotency-Key" in headers, path
            if method == "patch":
                assert "If-Match" in headers, path
                assert {"412", "428"} <= set(operation["responses"]), path


def test_the_document_is_valid_openapi(contract):
    """Every schema in it can be compiled, every reference leads somewhere, every operation has a name of its own."""
    shapes = contract.document["components"]["schemas"]
    names = [
        operation["operationId"]
        for item in contract.document["paths"].values()
        for operation in item.values()
    ]
    assert len(set(names)) == len(names)
    assert set(re.findall(r"#/components/schemas/(\w+)", str(contract.document))) <= set(shapes)
    for shape in shapes.values():
        jsonschema_rs.validator_for(shape | {"components": contract.document["components"]})
    assert contract.document["openapi"] == "3.1.0"


def test_the_documents_and_their_page_are_there_for_everybody(app):
    client = app.test_client()
    page = client.get("/developers").get_data(as_text=True)
    for path in ("/topics/{topic_id}/posts", "/cases/{case_id}/decision"):
        assert path in page
    assert all(code in page for code in CODES)
    assert client.get(f"{PREFIX}/asyncapi.json").json["asyncapi"] == "3.0.0"


@pytest.mark.parametrize("table", [events.SENT, events.TOLD], ids=["sent", "told"])
def test_every_event_is_in_the_asyncapi_document(app, table):
    messages = app.test_client().get(f"{PREFIX}/asyncapi.json").json["channels"]["socket"]["messages"]
    assert set(table) <= {message["name"] for message in messages.values()}
