"""What docs/host/docker.md and the compose files say of addresses: no other container can claim one."""

import re
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import yaml

TOP = Path(__file__).parents[2]
PAGE = (TOP / "docs" / "host" / "docker.md").read_text()
COMPOSE = TOP / "deploy" / "compose"


def services(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((COMPOSE / name).read_text())["services"]
    return found


def test_the_image_alone_believes_the_gateway_of_a_network_of_its_own_and_nobody_in_it() -> None:
    [(subnet, network)] = re.findall(r"^docker network create --subnet (\S+) (\S+)$", PAGE, re.MULTILINE)
    [run] = re.findall(r"^docker run .*$", PAGE, re.MULTILINE)
    assert re.findall(r"--network (\S+)", run) == [network]
    [believed] = re.findall(r"CLUBROOM_PROXIES=(\S+)", run)
    assert ip_address(believed) == next(ip_network(subnet).hosts())  # docker gives the first to the gateway
    assert all(port.startswith("127.0.0.1:") for port in re.findall(r"--publish (\S+)", run))


def test_compose_believes_its_own_network_and_lets_nobody_else_into_it() -> None:
    told = yaml.safe_load((COMPOSE / "compose.yml").read_text())
    [network] = told["networks"].values()
    [within] = network["ipam"]["config"]
    assert told["services"]["clubroom"]["environment"]["CLUBROOM_PROXIES"] == within["subnet"]
    assert not network.get("external")
    assert set(services("compose.yml")) == {"clubroom", "caddy"}
    assert set(services("compose.postgres.yml")) == {"clubroom", "postgres"}
    assert "ports" not in services("compose.yml")["clubroom"]
    assert "ports" not in services("compose.postgres.yml")["postgres"]


def test_the_two_networks_are_not_one() -> None:
    [within] = yaml.safe_load((COMPOSE / "compose.yml").read_text())["networks"]["inside"]["ipam"]["config"]
    [subnet] = re.findall(r"--subnet (\S+)", PAGE)
    assert not ip_network(within["subnet"]).overlaps(ip_network(subnet))
