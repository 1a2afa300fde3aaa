// What PostGraphile makes of the database: the tables that `clubroom_reader` may read, and nothing that writes.

import { entityPermissions } from "pg-introspection";
import "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { makeJSONPgSmartTagsPlugin } from "postgraphile/utils";

export const ROLE = "clubroom_reader";
const CONNECTIONS_MAX = 10;
const STATEMENT_MS = 3_000;

// Keys that the database does not know of: views have none.
const views = makeJSONPgSmartTagsPlugin({
  version: 1,
  config: {
    class: {
      group_people: {
        tags: { primaryKey: "group_id", foreignKey: "(group_id) references groups (id)|@fieldName group" },
      },
      event_attendance: {
        tags: {
          primaryKey: "group_id,key",
          foreignKey: "(group_id, key) references occurrences (group_id, key)|@fieldName occurrence",
        },
      },
      messages_seen: {
        tags: { foreignKey: "(message_id) references messages (id)|@fieldName message" },
      },
      messages: {
        tags: {
          foreignKey: [
            "(group_id) references groups (id)|@fieldName group|@foreignFieldName messages",
            "(author) references users (id)|@fieldName writer",
          ],
        },
      },
    },
  },
});

// A key of columns that may not be read can be no way to a row: asking by it would fail.
const readableKeys = {
  name: "ReadableKeysPlugin",
  version: "1.0.0",
  gather: {
    hooks: {
      pgIntrospection_introspection(_, { introspection }) {
        const role = introspection.getCurrentUser();
        const readable = (attribute) => entityPermissions(introspection, attribute, role, true).select;
        const whole = (key) =>
          [...(key.getAttributes() ?? []), ...(key.getForeignAttributes() ?? [])].every(readable);
        const kept = (keys) => keys.splice(0, keys.length, ...keys.filter(whole));
        for (const table of introspection.classes) {
          kept(table.getConstraints());
          kept(table.getForeignConstraints());
        }
        kept(introspection.constraints);
      },
    },
  },
};

/** The settings of each transaction in which this person reads; null = nobody may. */
export function settings(user) {
  return {
    role: ROLE,
    "clubroom.user": user,
    statement_timeout: String(STATEMENT_MS),
    transaction_read_only: "on",
  };
}

export function preset(connectionString) {
  return {
    extends: [PostGraphileAmberPreset],
    plugins: [readableKeys, views],
    disablePlugins: [
      "PgMutationCreatePlugin",
      "PgMutationUpdateDeletePlugin",
      "PgCustomTypeFieldPlugin", // the functions that judge are no questions
      "PgConnectionTotalCountPlugin", // it would count all that one may read
      "NodePlugin",
    ],
    pgServices: [
      makePgService({
        connectionString,
        schemas: ["clubroom"],
        poolConfig: { max: CONNECTIONS_MAX, connectionTimeoutMillis: STATEMENT_MS },
        pgSettingsForIntrospection: { role: ROLE },
      }),
    ],
    grafast: {
      context: (request) => ({ pgSettings: settings(request.user) }),
    },
  };
}
