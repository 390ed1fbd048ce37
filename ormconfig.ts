import { DataSource, type DataSourceOptions } from "typeorm";
import { MIGRATIONS } from "./migrations";
import { AccountExternalIdRow, AccountRow, ApiKeyRow, MemberRow, ServerSecretRow } from "./src/accounts/accounts.rows";
import { AuditEntryRow } from "./src/audit-log/audit-log.rows";
import { PackRow, PackVersionRow } from "./src/packs/packs.rows";
import { PlanMigrationRow, PlanMigrationSubscriptionRow, PlanRow, PlanVersionRow } from "./src/plans/store/plans.rows";
import { SubscriptionActRow, SubscriptionCommandRow, SubscriptionRow } from "./src/plans/store/subscriptions.rows";
import { POSTGRES_TYPES } from "./src/platform/postgres-types";
import { PriceListRow, PriceVersionRow } from "./src/pricing/prices.rows";
import { AlertRow, HoldRow, TransactionRow } from "./src/wallet/store/ledger.rows";
import { SpendingLimitRow } from "./src/wallet/store/limits.rows";
import { RedenominationRow } from "./src/wallet/store/redenominations.rows";
import { CreditTypeRow, GrantRow, PolicyRow, ThresholdRow, WalletRow } from "./src/wallet/store/wallet.rows";

export const ENTITIES = [
  AccountRow,
  AccountExternalIdRow,
  MemberRow,
  ApiKeyRow,
  ServerSecretRow,
  PolicyRow,
  CreditTypeRow,
  WalletRow,
  GrantRow,
  TransactionRow,
  HoldRow,
  ThresholdRow,
  SpendingLimitRow,
  RedenominationRow,
  AlertRow,
  PriceListRow,
  PriceVersionRow,
  PackRow,
  PackVersionRow,
  AuditEntryRow,
  PlanRow,
  PlanVersionRow,
  SubscriptionRow,
  SubscriptionCommandRow,
  SubscriptionActRow,
  PlanMigrationRow,
  PlanMigrationSubscriptionRow,
];

/** How TypeORM sees a Tranche database: for its command line, for tests, and for whoever reads the tables as entities. */
export function dataSourceOptions(url: string): DataSourceOptions {
  return {
    type: "postgres",
    url,
    entities: ENTITIES,
    migrations: MIGRATIONS,
    migrationsTableName: "migrations",
    // int8 as bigint, timestamptz as microseconds: as everywhere else.
    extra: { types: POSTGRES_TYPES, options: "-c timezone=UTC" },
  };
}

/** For the command line: typeorm migration:show -d ormconfig.ts, with DATABASE_URL set. */
export default new DataSource(dataSourceOptions(process.env["DATABASE_URL"] ?? "postgresql://localhost:5432/tranche"));
