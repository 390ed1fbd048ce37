import type { NodeLoaders } from "../platform/graphql/node";
import { entryByNumber } from "./audit-log";
import { AuditLogResolver } from "./audit-log.resolver";
import { AuditEntryView } from "./audit-log.types";

/** The door of the audit log: what operators did. Each room writes its own acts, with what they do. */

export const AUDIT_LOG_RESOLVERS = [AuditLogResolver] as const;

/** What `node` fetches of this room: for operators alone. */
export const AUDIT_LOG_NODES: NodeLoaders = {
  auditEntry: async ({ core, identity }, { numbers: [number = 0] }) => {
    if (identity.role !== "ADMIN") return null;
    const entry = await entryByNumber(core, number);
    return entry && new AuditEntryView(entry);
  },
};
