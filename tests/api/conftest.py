"""A program that asks with a key, and holds every answer against the document."""

import re

import jsonschema_rs
import pytest

from forum.actions import tokens
from forum.models import Guest, TokenScope
from tests.talking import apart

PREFIX = "/api/v1"


class Contract:
    """The OpenAPI document, as something that an answer either keeps to or not."""

    def __init__(self, document):
        self.document = document
        self.shapes = {}
        self.patterns = [
            (re.compile(re.sub(r"\{\w+\}", r"[^/]+", path) + "$"), path) for path in document["paths"]
        ]

    def operation(self, method, address):
        path = address.split("?")[0].removeprefix(PREFIX)
        templates = [template for pattern, template in self.patterns if pattern.match(path)]
        exact = min(templates, key=lambda one: one.count("{"))
        return self.document["paths"][exact][method.lower()]

    def check(self, method, address, answer):
        """The status, the type, the shape and the code are all told in the document."""
        told = self.operation(method, address)["responses"].get(str(answer.status_code))
        assert told, (method, address, answer.status_code, answer.get_data(as_text=True)[:300])
        if answer.status_code == 204:
            assert not answer.data
            return
        assert answer.mimetype in told["content"], (method, address, answer.mimetype)
        self.shape(told["content"][answer.mimetype]).validate(answer.json)
        if answer.mimetype == "application/problem+json":
            assert answer.json["code"] in told["description"].split(", "), (method, address, answer.json)
        for name, header in told.get("headers", {}).items():
            assert not header.get("required") or name in answer.headers, (method, address, name)

    def shape(self, content):
        """What checks an answer of this content; made once, for it reads all of the document's components."""
        if id(content) not in self.shapes:
            schema = content["schema"] | {"components": self.document["components"]}
            self.shapes[id(content)] = jsonschema_rs.validator_for(schema)
        return self.shapes[id(content)]


@pytest.fixture(scope="session")
def contract(site):
    return Contract(site.test_client().get(f"{PREFIX}/openapi.json").json)


@pytest.fixture
def ask(app, contract):
    """Asks as somebody with a key for everything; the answer is held against the document."""
    keys = {}

    def send(user, method, path, json=None, *, headers=None, scopes=tuple(TokenScope)):
        address = PREFIX + path
        headers = {"Idempotency-Key": f"key {len(keys)} {path}"} | (headers or {})
        if not isinstance(user, Guest):
            wanted = (user.id, scopes)
            if wanted not in keys:
                keys[wanted] = tokens.make_token(user, name="tests", scopes=scopes, days=7)[1]
            headers["Authorization"] = f"Bearer {keys[wanted]}"
        answer = apart(app.test_client().open, address, method=method, json=json, headers=headers)
        contract.check(method, address, answer)
        return answer

    return send
