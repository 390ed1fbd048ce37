import { ApplicationRole1763712000001 } from "./1763712000001-application-role";
import { Catalogues1763712000002 } from "./1763712000002-catalogues";
import { Accounts1763712000003 } from "./1763712000003-accounts";
import { Identity1763712000004 } from "./1763712000004-identity";
import { Wallets1763712000005 } from "./1763712000005-wallets";
import { Ledger1763712000006 } from "./1763712000006-ledger";
import { ForeignKeys1763712000007 } from "./1763712000007-foreign-keys";
import { AppendOnly1763712000008 } from "./1763712000008-append-only";
import { Prices1763712000009 } from "./1763712000009-prices";
import { AuditLog1763712000010 } from "./1763712000010-audit-log";
import { TestClock1763712000011 } from "./1763712000011-test-clock";
import { Plans1763712000012 } from "./1763712000012-plans";
import { Members1763712000013 } from "./1763712000013-members";
import { Units1763712000014 } from "./1763712000014-units";
import { Packs1763712000015 } from "./1763712000015-packs";
import { PlanPrices1763712000016 } from "./1763712000016-plan-prices";
import { RolloverUntil1763712000017 } from "./1763712000017-rollover-until";
import { Overspent1763712000018 } from "./1763712000018-overspent";
import { MigrationsSentTwice1763712000019 } from "./1763712000019-migrations-sent-twice";
import { VersionsAhead1763712000020 } from "./1763712000020-versions-ahead";

/** All migrations, oldest first. A list, not a folder to be searched: it works the same from source and from a bundle. */
export const MIGRATIONS = [
  ApplicationRole1763712000001,
  Catalogues1763712000002,
  Accounts1763712000003,
  Identity1763712000004,
  Wallets1763712000005,
  Ledger1763712000006,
  ForeignKeys1763712000007,
  AppendOnly1763712000008,
  Prices1763712000009,
  AuditLog1763712000010,
  TestClock1763712000011,
  Plans1763712000012,
  Members1763712000013,
  Units1763712000014,
  Packs1763712000015,
  PlanPrices1763712000016,
  RolloverUntil1763712000017,
  Overspent1763712000018,
  MigrationsSentTwice1763712000019,
  VersionsAhead1763712000020,
];
