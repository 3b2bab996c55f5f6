"""The rules of IAM, as a function of statements and a request."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.local_aws.iam.conditions import UnsupportedPolicyError, like, met
from scripts.local_aws.iam.policy import Request, Verdict, decide, statements

OBJECT = "arn:aws:s3:::bucket/raw/x"
PUT = Request("s3:PutObject", OBJECT)
ALLOW = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::bucket/raw/*"}
DENY = {**ALLOW, "Effect": "Deny"}

texts = st.text(st.sampled_from("ab:/*?.x-"), max_size=12)


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        (ALLOW, Verdict.ALLOWED),
        (DENY, Verdict.DENIED),
        ({**ALLOW, "Action": ["s3:Get*", "s3:Put*"]}, Verdict.ALLOWED),
        ({**ALLOW, "Action": "S3:putobject"}, Verdict.ALLOWED),
        ({**ALLOW, "Action": "s3:PutObjec?"}, Verdict.ALLOWED),
        ({**ALLOW, "Action": "s3:PutObjec"}, Verdict.UNSAID),
        ({**ALLOW, "Action": "s3:GetObject"}, Verdict.UNSAID),
        ({**ALLOW, "Resource": "arn:aws:s3:::bucket/other/*"}, Verdict.UNSAID),
        ({**ALLOW, "Resource": "arn:aws:s3:::bucket/RAW/*"}, Verdict.UNSAID),
        ({**ALLOW, "Resource": ["arn:aws:s3:::a", "*"]}, Verdict.ALLOWED),
        ({"Effect": "Allow", "NotAction": "s3:Get*", "Resource": "*"}, Verdict.ALLOWED),
        ({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}, Verdict.UNSAID),
        ({"Effect": "Deny", "Action": "*", "NotResource": "arn:aws:s3:::a/*"}, Verdict.DENIED),
        ({"Effect": "Deny", "Action": "*", "NotResource": f"{OBJECT}*"}, Verdict.UNSAID),
    ],
)
def test_one_statement(statement: dict[str, Any], verdict: Verdict) -> None:
    assert decide([statement], PUT) is verdict


@given(st.permutations([ALLOW, DENY, {**ALLOW, "Action": "*"}]))
def test_a_deny_beats_every_allow_in_any_order(policy: list[dict[str, Any]]) -> None:
    assert decide(policy, PUT) is Verdict.DENIED


def test_silence_allows_nothing() -> None:
    assert decide([], PUT) is Verdict.UNSAID


def test_a_policy_may_hold_one_statement_without_a_list() -> None:
    assert statements({"Statement": ALLOW}) == [ALLOW]
    assert statements({"Statement": [ALLOW, DENY]}) == [ALLOW, DENY]


@pytest.mark.parametrize(
    ("principal", "verdict"),
    [
        ("*", Verdict.ALLOWED),
        ({"AWS": "*"}, Verdict.ALLOWED),
        ({"Service": "events.amazonaws.com"}, Verdict.ALLOWED),
        ({"Service": ["s3.amazonaws.com", "events.amazonaws.com"]}, Verdict.ALLOWED),
        ({"Service": "s3.amazonaws.com"}, Verdict.UNSAID),
    ],
)
def test_principals_of_resource_policies(principal: Any, verdict: Verdict) -> None:
    request = Request("s3:PutObject", OBJECT, frozenset(["events.amazonaws.com"]))

    assert decide([{**ALLOW, "Principal": principal}], request) is verdict


CONTEXT = {
    "aws:sourcearn": "arn:aws:events:eu-west-1:1:rule/daily",
    "aws:securetransport": "true",
    "aws:sourceaccount": None,
    "s3:tlsversion": "1.3",
}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"ArnLike": {"aws:SourceArn": "arn:aws:events:*:1:rule/*"}}, True),
        ({"ArnEquals": {"AWS:SourceArn": ["arn:x", "arn:aws:events:*:*:rule/daily"]}}, True),
        ({"ArnNotLike": {"aws:SourceArn": "arn:aws:s3:*"}}, True),
        ({"StringEquals": {"aws:SourceArn": "arn:aws:events:*:1:rule/*"}}, False),
        ({"StringLike": {"aws:SourceArn": "*daily"}}, True),
        ({"StringNotEquals": {"aws:SourceArn": ["x", "y"]}}, True),
        ({"Bool": {"aws:SecureTransport": "false"}}, False),
        ({"Bool": {"aws:SecureTransport": True}}, True),
        ({"StringEquals": {"aws:SourceAccount": "1"}}, False),
        ({"StringNotEquals": {"aws:SourceAccount": "1"}}, True),
        ({"StringEqualsIfExists": {"aws:SourceAccount": "1"}}, True),
        ({"NumericLessThan": {"s3:TlsVersion": "1.2"}}, False),
        ({"NumericGreaterThanEquals": {"s3:TlsVersion": 1.3}}, True),
        ({"NumericNotEquals": {"s3:TlsVersion": "1.30"}}, False),
        ({"NumericLessThan": {"aws:SourceArn": "1"}}, False),
        ({"Null": {"aws:SourceAccount": "true"}}, True),
        ({"Null": {"aws:SourceArn": "true"}}, False),
        ({"Bool": {"aws:SecureTransport": "true"}, "Null": {"aws:SourceArn": "true"}}, False),
    ],
)
def test_conditions(condition: dict[str, Any], holds: bool) -> None:
    assert met(condition, CONTEXT) is holds


@pytest.mark.parametrize(
    "statement",
    [
        {**ALLOW, "Condition": {"StringEquals": {"aws:Unheard": "x"}}},
        {**ALLOW, "Condition": {"DateLessThan": {"aws:SourceArn": "5"}}},
        {**ALLOW, "Resource": "arn:aws:s3:::bucket/${aws:username}/*"},
        {**ALLOW, "NotPrincipal": {"AWS": "x"}},
    ],
)
def test_what_cannot_be_evaluated_is_said_aloud(statement: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedPolicyError):
        decide([statement], Request("s3:PutObject", OBJECT, context=CONTEXT))


def test_a_strange_condition_elsewhere_does_not_matter() -> None:
    elsewhere = {
        "Effect": "Deny",
        "Action": "s3:GetObject",
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:Unheard": "x"}},
    }

    assert decide([ALLOW, elsewhere], PUT) is Verdict.ALLOWED


@given(texts)
def test_text_without_wildcards_matches_itself_only(text: str) -> None:
    plain = text.replace("*", "").replace("?", "")

    assert like(plain, plain)
    assert not like(plain, plain + "x")


@given(texts, texts, texts)
def test_a_star_is_any_text(before: str, middle: str, after: str) -> None:
    before, after = (part.replace("*", "").replace("?", "") for part in (before, after))

    assert like(f"{before}*{after}", before + middle + after)
