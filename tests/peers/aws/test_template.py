"""What osls makes of deploy/aws/serverless.yml, as it was deployed into what stands for AWS."""

import json
from typing import Any

import pytest

from clubroom.app.settings import VARIABLES
from house.deployment import AWS, IN_THE_STORE, NOT_TOLD, Deployed

RESOURCES_MAX = 500
ROUTES_MAX = 300
ENVIRONMENT_BYTES_MAX = 4 * 1024
MAY = {
    "CallRole": {"logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage"},
    "SocketRole": {
        "logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage", "execute-api:ManageConnections",
    },
    "WorkerRole": {
        "logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage", "execute-api:ManageConnections",
        "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes",
    },
}  # fmt: skip
FUNCTIONS = {"Auth", "Chat", "Fe", "Notification", "Worker"}


@pytest.fixture
async def resources(deployment: Deployed) -> dict[str, Any]:
    template = json.loads((AWS / ".serverless/cloudformation-template-update-stack.json").read_text())
    found: dict[str, Any] = template["Resources"]
    return found


def of_kind(resources: dict[str, Any], kind: str) -> dict[str, Any]:
    return {name: each["Properties"] for name, each in resources.items() if each["Type"] == kind}


async def test_there_are_fewer_resources_and_routes_than_aws_allows(resources: dict[str, Any]) -> None:
    assert len(resources) < RESOURCES_MAX
    assert len(of_kind(resources, "AWS::ApiGatewayV2::Route")) < ROUTES_MAX


async def test_no_function_may_do_more_than_it_needs(resources: dict[str, Any]) -> None:
    roles = of_kind(resources, "AWS::IAM::Role")
    said = {
        name: [one for policy in role["Policies"] for one in policy["PolicyDocument"]["Statement"]]
        for name, role in roles.items()
    }
    assert {name: {act for one in all_ for act in one["Action"]} for name, all_ in said.items()} == MAY
    for one in (one for all_ in said.values() for one in all_):
        assert one["Effect"] == "Allow"
        assert "*" not in one["Resource"]
        if one["Action"] == ["execute-api:ManageConnections"]:
            assert "${WebsocketsApi}" in json.dumps(one["Resource"])
        if "sqs:SendMessage" in one["Action"]:
            assert one["Resource"] == [{"Fn::GetAtt": ["WakeQueue", "Arn"]}]


async def test_every_function_has_a_role_of_ours_no_network_of_its_own_and_a_limit(
    resources: dict[str, Any],
) -> None:
    functions = of_kind(resources, "AWS::Lambda::Function")
    assert {name.removesuffix("LambdaFunction") for name in functions} == FUNCTIONS
    for name, function in functions.items():
        assert function["Role"] in [{"Fn::GetAtt": [role, "Arn"]} for role in MAY]
        assert "VpcConfig" not in function
        assert "ReservedConcurrentExecutions" in function, name
    [mapping] = of_kind(resources, "AWS::Lambda::EventSourceMapping").values()
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 2}
    assert functions["WorkerLambdaFunction"]["ReservedConcurrentExecutions"] > 2  # the clock comes, too


async def test_every_function_is_told_every_setting_also_what_stands_in_the_parameter_store(
    resources: dict[str, Any],
) -> None:
    """In plain text: docs/host/aws.md says who can read it."""
    for function in of_kind(resources, "AWS::Lambda::Function").values():
        told = function["Environment"]["Variables"]
        assert told.keys() == VARIABLES - NOT_TOLD.keys()
        assert told["CLUBROOM_EDGE_SECRET"] == IN_THE_STORE["edge-secret"]
        assert sum(len(name) + len(str(value)) for name, value in told.items()) < ENVIRONMENT_BYTES_MAX


async def test_logs_do_not_stay_for_ever(resources: dict[str, Any]) -> None:
    groups = of_kind(resources, "AWS::Logs::LogGroup")
    assert len(groups) == len(FUNCTIONS)
    assert {group["RetentionInDays"] for group in groups.values()} == {14}
