import { openDatabase } from "../../src/platform/database";
import { auditPrices, type PriceFinding } from "../../src/pricing";
import type { AuditFinding } from "../../src/wallet/audit";
import { audit } from "../../src/wallet/store/audit.reads";

const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** All that the auditor finds wrong in a database. */
export async function auditDatabase(url: string): Promise<readonly (AuditFinding | PriceFinding)[]> {
  const pool = await openDatabase({ url, connections: 1, log: SILENT });
  try {
    return [...(await audit(pool)), ...(await auditPrices({ pool }))];
  } finally {
    await pool.end();
  }
}
