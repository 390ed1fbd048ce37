import type { DemoFile } from "./facts";

/**
 * What the screen shows at the start: where the server is, the demo's keys, and three lines to paste into a shell in the project's
 * folder. Each works as it is, as often as it is pasted.
 */
export function welcome(facts: DemoFile, file: string): string {
  const { url, adminKey, serviceKey, customerToken, walletId } = facts;
  return `
Tranche serves ${url}
GraphiQL is at ${url.replace(/graphql$/, "")}

  admin key       ${adminKey}
  service key     ${serviceKey}
  customer token  ${customerToken ?? "(sign one whose sub is acme: JWT_JWKS_URL is set)"}
  wallet id       ${walletId}

The same facts are in ${file}. Three lines to paste, here in this folder:

Spend 5 credits, and see who pays:
${spendLine(url, serviceKey, walletId)}

The balance, and the stack in the order in which it will pay, each grant for the operations that it admits:
${queryLine(url, serviceKey, walletId)}

Follow the balance (spend meanwhile; end it with Ctrl-C):
${followLine(url, serviceKey, walletId)}

`;
}

function spendLine(url: string, key: string, walletId: string): string {
  const query =
    "mutation($input:SpendInput!){spend(input:$input){transaction{amount entries{amount reason grant{kind}}} wallet{balance{available}} refusal{message}}}";
  const input = { walletId, amount: "5", operation: "chat.completion", idempotencyKey: "KEY" };
  // A new key for each second, made by the shell: the same one would answer the first spend again.
  return curl(url, key, { query, variables: { input } }).replace("KEY", `try-'$(date +%s)'`);
}

function queryLine(url: string, key: string, walletId: string): string {
  const query = `{wallet(id:"${walletId}"){balance{available held debt} grants(first:9,status:[ACTIVE],order:CONSUMPTION){edges{node{kind priority available expiresAt scope{operations}}}}}}`;
  return curl(url, key, { query });
}

function curl(url: string, key: string, body: object): string {
  return `curl -s ${url} -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`;
}

function followLine(url: string, key: string, walletId: string): string {
  const query = `subscription{walletBalance(walletId:"${walletId}"){sequence wallet{balance{available}}}}`;
  const client = `{url:"${url.replace(/^http/, "ws")}",webSocketImpl:require("ws"),connectionParams:{authorization:"Bearer ${key}"}}`;
  const sink = "{next:(r)=>console.log(JSON.stringify(r.data??r.errors)),error:console.error,complete(){}}";
  return `node -e '${`require("graphql-ws").createClient(${client}).subscribe({query:${JSON.stringify(query)}},${sink})`}'`;
}
