import type { Instant } from "../core/time";
import type { Unit } from "../core/unit";
import type { Core } from "../platform/context";
import type { Transaction } from "../platform/transaction";
import { Unavailable } from "../platform/unavailable";
import { type Redenomination, unitAt } from "./model/redenomination";
import type { WalletKey } from "./model/types";
import { readRedenominations, readUnitRevision } from "./store/redenominations.store";

/**
 * In which units credits are told and given. Everything behind the edge is in the first unit of its credit type: amounts are read as they come
 * in, and shown as they go out, by the unit that applies by the server's clock. A request does both by the units of one instant.
 */

type Place = Pick<Core, "pool" | "clock">;

/** A wallet as a request names it, with the unit that the request reads and shows its amounts in. */
export interface ShownKey extends WalletKey {
  readonly unit: Unit;
}

/** The units of all credit types, at one instant. */
export class Units {
  readonly #found = new Map<number, Unit>();

  constructor(
    private readonly acts: ReadonlyMap<number, readonly Redenomination[]>,
    private readonly now: Instant,
  ) {}

  of(creditTypeId: number): Unit {
    const known = this.#found.get(creditTypeId);
    if (known) return known;
    const unit = unitAt(this.actsOn(creditTypeId), this.now);
    this.#found.set(creditTypeId, unit);
    return unit;
  }

  /** A wallet's key, to be shown by. */
  key({ accountId, creditTypeId }: WalletKey): ShownKey {
    return { accountId, creditTypeId, unit: this.of(creditTypeId) };
  }

  /** All that was done to a credit type's unit, withdrawn acts among it. */
  actsOn(creditTypeId: number): readonly Redenomination[] {
    return this.acts.get(creditTypeId) ?? [];
  }
}

interface Read {
  readonly begunAt: Instant;
  readonly acts: Promise<ReadonlyMap<number, readonly Redenomination[]>>;
}

/** The latest read of each database. */
const READS = new WeakMap<Core["pool"], Read>();
/** Microseconds until what another server did at once is known here: what is planned at least so far ahead begins everywhere at the same instant. */
const FRESH_FOR = 2_000_000n;

/** The units of now. */
export async function unitsNow(core: Place): Promise<Units> {
  const now = core.clock.now();
  const known = READS.get(core.pool);
  const age = known ? now - known.begunAt : FRESH_FOR;
  const read = known && age >= 0n && age < FRESH_FOR ? known : begin(core, now);
  return new Units(await read.acts, now);
}

/** Has them read afresh at the next look. */
export function forgetUnits({ pool }: Pick<Place, "pool">): void {
  READS.delete(pool);
}

/** Amounts were read by a unit that is not the one any more: that happens once in years, and the next try is right. */
export function unitHasChanged(core: Pick<Place, "pool">): Unavailable {
  forgetUnits(core);
  return new Unavailable("the unit of these credits has just changed", 1);
}

/** Throws Unavailable, within the transaction that relies on it, when amounts were read by a unit that is not the one any more. */
export async function assertUnit(database: Transaction, core: Place, creditTypeId: number, unit: Unit): Promise<void> {
  const revision = await readUnitRevision(database, creditTypeId);
  if (revision !== null && !unit.holds(revision, core.clock.now())) throw unitHasChanged(core);
}

function begin({ pool }: Place, begunAt: Instant): Read {
  const read = { begunAt, acts: readActs(pool) };
  READS.set(pool, read);
  read.acts.catch(() => {
    if (READS.get(pool) === read) forgetUnits({ pool });
  });
  return read;
}

async function readActs(pool: Core["pool"]): Promise<ReadonlyMap<number, readonly Redenomination[]>> {
  const acts = new Map<number, Redenomination[]>();
  for (const one of await readRedenominations(pool)) acts.set(one.creditTypeId, [...(acts.get(one.creditTypeId) ?? []), one]);
  return acts;
}
