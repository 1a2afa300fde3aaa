"""Writes what Hasura is told (metadata/): each table that `dba/fences.sql` opens, for one role that selects.

Columns are read from fences.sql, so that what is opened there is opened here and nothing else. Which rows is
said below, always by a relationship to a view that names the reader (`who_reads` and those beside it): a
condition that compares columns of two tables (`_exists` with "$") is judged by the wrong row where the table
is reached through another one (hasura/graphql-engine, issue 9283).
"""

import re
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FENCES = HERE.parents[1] / "src" / "clubroom" / "dba" / "fences.sql"
METADATA = HERE / "metadata"
TABLES = METADATA / "databases" / "clubroom" / "tables"
ROLE, SCHEMA, ROWS_MAX = "member", "clubroom", 100
MINE = {"reader": {"_eq": "X-Hasura-User-Id"}}

Mapping = dict[str, str]
By = tuple[str, str, Mapping]
"""A relationship: its name, the other table, and which column is which there."""

_OF_GROUP: By = ("readers", "who_reads", {"group_id": "group_id"})
_OWN: By = ("oneself", "who_reads", {"group_id": "group_id", "user_id": "user_id"})
_OF_MESSAGE: By = ("readers", "who_reads_messages", {"message_id": "message_id"})

READERS: dict[str, list[By]] = {
    "groups": [("readers", "who_reads", {"id": "group_id"})],
    "memberships": [_OF_GROUP],
    "users": [("readers", "who_meets", {"id": "user_id"})],
    "messages": [("readers", "who_reads_messages", {"id": "message_id"})],
    "actions": [("readers", "who_reads_actions", {"group_id": "group_id", "seq": "seq"})],
    "labels": [_OF_GROUP],
    "member_labels": [("readers", "who_reads_labels", {"label_id": "label_id"})],
    "club_emotes": [_OF_GROUP],
    "emotes": [_OF_MESSAGE],
    "pins": [_OF_MESSAGE],
    "read_pointers": [_OWN],
    "follows": [_OWN],
    "mutes": [_OWN],
    "levels": [_OWN],
    "events": [_OF_GROUP],
    "occurrences": [_OF_GROUP],
    "answers": [
        ("readers", "who_reads_answers", {"group_id": "group_id", "key": "key", "user_id": "user_id"})
    ],
    "group_people": [_OF_GROUP],
    "event_attendance": [_OF_GROUP],
    "messages_seen": [_OWN, _OF_MESSAGE],
}
"""Who may read a row of each: everybody whom all of these relationships lead to."""

_ITS_GROUP: By = ("group", "groups", {"group_id": "id"})
_ITS_USER: By = ("user", "users", {"user_id": "id"})
_ITS_MESSAGE: By = ("message", "messages", {"message_id": "id"})

ONE: dict[str, list[By]] = {
    "groups": [("count", "group_people", {"id": "group_id"}), ("event", "events", {"id": "group_id"})],
    "memberships": [_ITS_GROUP, _ITS_USER],
    "messages": [_ITS_GROUP, ("writer", "users", {"author": "id"})],
    "actions": [_ITS_GROUP],
    "labels": [_ITS_GROUP],
    "member_labels": [_ITS_USER, ("label", "labels", {"label_id": "id"})],
    "club_emotes": [_ITS_GROUP],
    "emotes": [_ITS_MESSAGE, _ITS_USER],
    "pins": [_ITS_MESSAGE, _ITS_GROUP],
    "read_pointers": [_ITS_GROUP],
    "events": [_ITS_GROUP, ("organiser", "users", {"by_user": "id"})],
    "occurrences": [
        ("event", "events", {"group_id": "group_id"}),
        ("attendance", "event_attendance", {"group_id": "group_id", "key": "key"}),
    ],
    "answers": [_ITS_USER, ("occurrence", "occurrences", {"group_id": "group_id", "key": "key"})],
    "messages_seen": [_ITS_MESSAGE, _ITS_GROUP],
}
"""What a row leads to, one of it."""

MANY: dict[str, list[By]] = {
    "groups": [
        ("memberships", "memberships", {"id": "group_id"}),
        ("messages", "messages", {"id": "group_id"}),
    ],
    "messages": [("emotes", "emotes", {"id": "message_id"})],
    "events": [("occurrences", "occurrences", {"group_id": "group_id"})],
    "occurrences": [("answers", "answers", {"group_id": "group_id", "key": "key"})],
}
"""What a row leads to, many of it."""

REST: dict[str, Any] = {
    "version.yaml": {"version": 3},
    "actions.yaml": {
        "actions": [],
        "custom_types": {"enums": [], "input_objects": [], "objects": [], "scalars": []},
    },
    "allow_list.yaml": [],
    "api_limits.yaml": {},
    "cron_triggers.yaml": [],
    "graphql_schema_introspection.yaml": {"disabled_for_roles": []},
    "inherited_roles.yaml": [],
    "network.yaml": {},
    "query_collections.yaml": [],
    "remote_schemas.yaml": [],
    "rest_endpoints.yaml": [],
}
DATABASES = [
    {
        "name": "clubroom",
        "kind": "postgres",
        "configuration": {
            "connection_info": {
                "database_url": {"from_env": "CLUBROOM_GATEWAY_URL"},
                "isolation_level": "read-committed",
                "pool_settings": {"max_connections": 10, "retries": 1},
                "use_prepared_statements": True,
            }
        },
        "tables": "!include clubroom/tables/tables.yaml",
    }
]


def files() -> dict[Path, str]:
    """Every file of the metadata and what stands in it."""
    opened = opened_columns()
    hidden = sorted({to for rules in READERS.values() for _, to, _ in rules})
    tables = {name: table(name, opened[name]) for name in sorted(READERS)}
    tables |= {name: {"table": {"name": name, "schema": SCHEMA}} for name in hidden}
    listed = [f"!include {SCHEMA}_{name}.yaml" for name in sorted(tables)]
    return {
        METADATA / "actions.graphql": "",
        METADATA / "databases" / "databases.yaml": written(DATABASES),
        TABLES / "tables.yaml": written(listed),
        **{METADATA / name: written(what) for name, what in REST.items()},
        **{TABLES / f"{SCHEMA}_{name}.yaml": written(what) for name, what in tables.items()},
    }


def opened_columns() -> dict[str, list[str]]:
    """What fences.sql lets gateways read, by table."""
    lists = re.findall(r"^ {8}\('(\w+)', ((?:'[\w, ]+'\s*)+),", FENCES.read_text(), flags=re.MULTILINE)
    return {name: re.findall(r"\w+", columns) for name, columns in lists}


def table(name: str, columns: list[str]) -> dict[str, Any]:
    """One that may be selected from, and nothing more."""
    rules = [{relation: MINE} for relation, _, _ in READERS[name]]
    return {
        "table": {"name": name, "schema": SCHEMA},
        "configuration": {"custom_name": name},
        "object_relationships": [relationship(one) for one in ONE.get(name, [])],
        "array_relationships": [relationship(one) for one in (*READERS[name], *MANY.get(name, []))],
        "select_permissions": [
            {
                "role": ROLE,
                "permission": {
                    "columns": columns,
                    "filter": rules[0] if len(rules) == 1 else {"_and": rules},
                    "limit": ROWS_MAX,
                    "allow_aggregations": False,
                    "subscription_root_fields": [],
                },
            }
        ],
    }


def relationship(one: By) -> dict[str, Any]:
    """By columns: a view has no foreign keys."""
    name, to, mapping = one
    remote = {"name": to, "schema": SCHEMA}
    return {
        "name": name,
        "using": {"manual_configuration": {"column_mapping": mapping, "remote_table": remote}},
    }


def written(what: Any, indent: str = "") -> str:
    """As YAML: mappings and lists in blocks, texts in quotes."""
    if isinstance(what, dict) and what:
        return "".join(f"{indent}{key}:{below(value, indent)}" for key, value in what.items())
    if isinstance(what, list) and what:
        items = (written(item, f"{indent}  ").removeprefix(f"{indent}  ") for item in what)
        return "".join(f"{indent}- {item}" for item in items)
    return f"{indent}{scalar(what)}\n"


def below(value: Any, indent: str) -> str:
    """A value behind its key: on the same line, or in a block of its own."""
    if isinstance(value, dict | list) and value:
        return f"\n{written(value, f'{indent}  ')}"
    return f" {scalar(value)}\n"


def scalar(value: Any) -> str:
    """A text, a number, true or false, or what is empty."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    return str(value)


if __name__ == "__main__":
    for path, text in files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
