import type { Instant } from "../core/time";
import type { Operator } from "../platform/act";
import type { Core } from "../platform/context";
import type { CreditType, NewCreditType } from "./credit-type";
import { insertCreditType, readCreditTypes } from "./store/credit-types.store";

export type { CreditType, NewCreditType };

type Place = Pick<Core, "pool" | "clock">;

const NAME = /^[a-z][a-z0-9._-]{0,63}$/;

/** True for 1-64 characters of a-z, 0-9, ".", "_" and "-", beginning with a letter: what names a credit type. */
export function isCreditTypeName(text: string): boolean {
  return NAME.test(text);
}

/** `taken`: there is one by that name with other terms. `created`: false when it was there already, with the same terms. */
export type CreateCreditTypeAnswer =
  | { readonly status: "done"; readonly created: boolean; readonly creditType: CreditType }
  | { readonly status: "taken"; readonly creditType: CreditType };

/** Adds a credit type. The same input again answers the one that there is, so that it is safe to send twice. `by`: who does it. */
export async function createCreditType(core: Place, input: NewCreditType, by: Operator): Promise<CreateCreditTypeAnswer> {
  const { creditType, created, same } = await insertCreditType(core.pool, input, core.clock.now(), by);
  forgetCreditTypes(core);
  return same ? { status: "done", created, creditType } : { status: "taken", creditType };
}

/** All credit types, the oldest first. */
export async function listCreditTypes(core: Place): Promise<readonly CreditType[]> {
  return (await recent(core).catalogue).all;
}

/** The credit type by this name; null when there is none. */
export function creditTypeByName(core: Place, name: string): Promise<CreditType | null> {
  return find(core, ({ byName }) => byName.get(name));
}

/** The credit type by its number; null when there is none. */
export function creditTypeById(core: Place, id: number): Promise<CreditType | null> {
  return find(core, ({ byId }) => byId.get(id));
}

/** Has them read afresh at the next look: after one was made, or its policy was changed. */
export function forgetCreditTypes({ pool }: Place): void {
  READS.delete(pool);
}

interface Catalogue {
  readonly all: readonly CreditType[];
  readonly byName: ReadonlyMap<string, CreditType>;
  readonly byId: ReadonlyMap<number, CreditType>;
}

interface Read {
  readonly begunAt: Instant;
  readonly catalogue: Promise<Catalogue>;
}

/** The latest read of each database: nearly every request names a credit type, and there are a handful. */
const READS = new WeakMap<Core["pool"], Read>();
/** Microseconds until a policy that another server has set is shown here. What pays is judged by the database, not by this. */
const FRESH_FOR = 2_000_000n;

async function find(core: Place, look: (catalogue: Catalogue) => CreditType | undefined): Promise<CreditType | null> {
  const read = recent(core);
  const found = look(await read.catalogue);
  if (found) return found;
  // Another server may have made it since. Of all who miss something at once, one reads for all.
  const latest = READS.get(core.pool);
  const next = latest && latest !== read ? latest : begin(core);
  return look(await next.catalogue) ?? null;
}

function recent(core: Place): Read {
  const known = READS.get(core.pool);
  const age = known ? core.clock.now() - known.begunAt : FRESH_FOR;
  return known && age >= 0n && age < FRESH_FOR ? known : begin(core);
}

function begin(core: Place): Read {
  const read = { begunAt: core.clock.now(), catalogue: readCatalogue(core.pool) };
  READS.set(core.pool, read);
  read.catalogue.catch(() => {
    if (READS.get(core.pool) === read) forgetCreditTypes(core);
  });
  return read;
}

async function readCatalogue(pool: Core["pool"]): Promise<Catalogue> {
  const all = await readCreditTypes(pool);
  return {
    all,
    byName: new Map(all.map((creditType) => [creditType.name, creditType])),
    byId: new Map(all.map((creditType) => [creditType.id, creditType])),
  };
}
