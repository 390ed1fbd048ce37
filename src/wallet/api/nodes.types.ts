import { fits, type GlobalId, type IdKind } from "../../core/ids";
import type { NodeLoader, NodeLoaders } from "../../platform/graphql/node";
import { maySee, type RequestContext } from "../../platform/graphql/request";
import { creditTypeById } from "../credit-types";
import { type Numbered, numbersSequences } from "../ids";
import { AlertView, ThresholdView } from "./alert.types";
import { showGrant, showHold, shownKey, showTransaction, showWallet } from "./show.types";
import type { EntryView } from "./transaction.types";
import { RedenominationView } from "./unit.types";
import { unitsOf } from "./units";
import { loadersOf } from "./wallet.loaders";
import { CreditTypeView } from "./wallet.types";

/** What of this room can be fetched by its id alone. */

type Load = (context: RequestContext, named: Numbered, position: number) => ReturnType<NodeLoader>;

/** For what stands in a wallet: only who may see the account gets it, and ids that no row can have are not asked for. */
function inWallet(kind: IdKind, load: Load): NodeLoader {
  return (context, { uuid, numbers }: GlobalId) => {
    const [creditTypeId = 0, number = 0, position = 0] = numbers;
    if (uuid === null || !maySee(context, uuid) || !fits(creditTypeId) || !fits(position)) return null;
    if (!numbersSequences(kind) && !fits(number)) return null;
    return load(context, { key: { accountId: uuid, creditTypeId }, number }, position);
  };
}

export const WALLET_NODES: NodeLoaders = {
  creditType: async ({ core }, { numbers: [id = 0] }) => {
    const terms = await creditTypeById(core, id);
    return terms && new CreditTypeView(terms);
  },
  redenomination: async (context, { numbers: [creditTypeId = 0, number = 0] }) => {
    const act = (await unitsOf(context)).actsOn(creditTypeId).find((one) => one.number === number);
    return act ? new RedenominationView(act) : null;
  },
  wallet: inWallet("wallet", (context, { key }) => showWallet(context, key)),
  grant: inWallet("grant", showGrantNode),
  transaction: inWallet("transaction", showTransaction),
  entry: inWallet("entry", showEntry),
  hold: inWallet("hold", showHold),
  threshold: inWallet("threshold", showThreshold),
  alert: inWallet("alert", showAlert),
};

function showGrantNode(context: RequestContext, named: Numbered) {
  return showGrant(context, named);
}

async function showEntry(context: RequestContext, named: Numbered, position: number): Promise<EntryView | null> {
  return (await showTransaction(context, named))?.entries[position - 1] ?? null;
}

async function showThreshold(context: RequestContext, { key, number }: Numbered): Promise<ThresholdView | null> {
  const wallet = await loadersOf(context).wallets.load(key);
  const threshold = wallet?.thresholds.find((one) => one.number === number);
  return threshold ? new ThresholdView(await shownKey(context, key), threshold) : null;
}

async function showAlert(context: RequestContext, named: Numbered): Promise<AlertView | null> {
  const alert = await loadersOf(context).alerts.load(named);
  return alert && new AlertView(await shownKey(context, named.key), alert);
}
