import { auditServer } from "graphql-http";

/** What a server does not do that GraphQL over HTTP says it must, or should: a line each. What it may do is left out. */
export async function failedAudits(url: string, authorization: string): Promise<readonly string[]> {
  const asKnown: typeof fetch = (input, options) => {
    const headers = new Headers(options?.headers);
    headers.set("authorization", authorization);
    return fetch(input, { ...options, headers });
  };
  const results = await auditServer({ url, fetchFn: asKnown });
  return results.flatMap((result) =>
    result.status === "error" || result.status === "warn"
      ? [`${result.status}: ${result.id} ${result.name}: ${result.reason}`]
      : [],
  );
}
