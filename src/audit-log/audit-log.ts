import type { Core } from "../platform/context";
import type { Page, Window } from "../platform/window";
import type { AuditEntry, AuditFilter } from "./audit-entry";
import { pageEntries, readEntry } from "./audit-log.store";

type Place = Pick<Core, "pool">;

/** A part of what operators did. */
export function listEntries({ pool }: Place, filter: AuditFilter, window: Window): Promise<Page<AuditEntry>> {
  return pageEntries(pool, filter, window);
}

/** An entry by its number; null when there is none. */
export function entryByNumber({ pool }: Place, number: number): Promise<AuditEntry | null> {
  return readEntry(pool, number);
}
