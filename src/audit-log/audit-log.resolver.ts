import { Args, Ctx, Query, Resolver } from "type-graphql";
import { Access } from "../platform/graphql/access";
import type { InputPath } from "../platform/graphql/errors";
import { type Connection, connectionOf, numberedList, readPage } from "../platform/graphql/paging";
import type { RequestContext } from "../platform/graphql/request";
import { checkText } from "../platform/graphql/text";
import { visibleAccount } from "../wallet";
import type { AuditFilter } from "./audit-entry";
import { listEntries } from "./audit-log";
import { AuditEntryConnection, AuditEntryView, type AuditFilterInput, AuditLogArguments } from "./audit-log.types";

const ENTRIES = numberedList("auditEntry");
const MOST_CHARACTERS = 255;

/** What operators did. */
@Resolver()
export class AuditLogResolver {
  @Access("ADMIN")
  @Query(() => AuditEntryConnection, {
    description: "What operators did, the latest first: who, when, what was before and after, and why.",
  })
  async auditLog(
    @Args(() => AuditLogArguments) { filter, ...page }: AuditLogArguments,
    @Ctx() context: RequestContext,
  ): Promise<Connection<AuditEntryView>> {
    const request = readPage(ENTRIES, page);
    const asked = await filterOf(context, filter ?? {});
    const window = { ...request, newestFirst: true };
    const rows = asked ? await listEntries(context.core, asked, window) : { rows: [], hasMore: false };
    return connectionOf(ENTRIES, request, rows, {
      position: (entry) => entry.number,
      node: (entry) => new AuditEntryView(entry),
    });
  }
}

/** Null: it names an account that there is not, which nobody has done anything to. */
async function filterOf(context: RequestContext, filter: AuditFilterInput): Promise<AuditFilter | null> {
  const { externalId, from = null, to = null } = filter;
  const accountId = externalId == null ? null : await visibleAccount(context, externalId, ["filter", "externalId"]);
  if (externalId != null && accountId === null) return null;
  return {
    actor: textOf(filter.actor, ["filter", "actor"]),
    action: textOf(filter.action, ["filter", "action"]),
    subject: textOf(filter.subject, ["filter", "subject"]),
    accountId,
    from,
    to,
  };
}

function textOf(text: string | null | undefined, path: InputPath): string | null {
  return text == null ? null : checkText(text, { least: 1, most: MOST_CHARACTERS }, path);
}
