import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";
import { type DemoFacts, examples } from "./examples";
import { fetcherFor } from "./fetcher";
import { storageFor } from "./storage";

/** The names of the bundled workers, put in by the build. */
declare const WORKERS: { readonly editor: string; readonly json: string; readonly graphql: string };

const ENDPOINT = "/graphql";

Object.assign(globalThis, {
  MonacoEnvironment: {
    getWorker(_id: string, label: string): Worker {
      const name = label === "json" ? WORKERS.json : label === "graphql" ? WORKERS.graphql : WORKERS.editor;
      return new Worker(`/graphiql/${name}`);
    },
  },
});

/** The demo's wallet and keys; null when the server has no demo data or this browser is on another machine. */
async function demoFacts(): Promise<DemoFacts | null> {
  const response = await fetch("/graphiql/demo.json", { cache: "no-store" });
  return response.ok ? ((await response.json()) as DemoFacts) : null;
}

async function show(): Promise<void> {
  const demo = await demoFacts().catch(() => null);
  // Not randomUUID: it is only there on pages that came over TLS or from this machine.
  const run = crypto.getRandomValues(new Uint32Array(1)).join("");
  const tabs = examples(demo, run);
  const first = tabs[0];
  const root = document.getElementById("graphiql");
  if (root === null || first === undefined) throw new Error("the page is not whole");
  const storage = storageFor(demo?.walletId ?? "no demo");
  // GraphiQL leaves the first tab's variables out of its editor unless they are given apart; but with kept tabs, what is
  // given apart would open one tab more at each load.
  const isFirstVisit = storage.getItem("graphiql:tabState") === null;
  createRoot(root).render(
    <GraphiQL
      fetcher={fetcherFor(ENDPOINT, demo === null ? "{}" : first.headers)}
      storage={storage}
      defaultTabs={[...tabs]}
      {...(isFirstVisit ? { initialVariables: first.variables, initialHeaders: first.headers } : {})}
      defaultHeaders={first.headers}
      defaultEditorToolsVisibility="variables"
      shouldPersistHeaders={demo !== null}
    >
      <GraphiQL.Logo>Tranche</GraphiQL.Logo>
    </GraphiQL>,
  );
}

void show();
