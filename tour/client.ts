/** A client of the public API, as small as one can be: one request, one answer. */
export class Client {
  constructor(
    readonly url: string,
    readonly token: string,
  ) {}

  /** Asks; throws with the server's errors. */
  async ask<T>(document: string, variables: object = {}): Promise<T> {
    const response = await fetch(this.url, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${this.token}` },
      body: JSON.stringify({ query: document, variables }),
    });
    const { data, errors } = (await response.json()) as { readonly data?: T; readonly errors?: readonly object[] };
    if (errors || !data) throw new Error(JSON.stringify(errors ?? response.status));
    return data;
  }

  /** Has something done, and answers its payload, be it refused or not. */
  async attempt<T>(mutation: string, input: object, selection: string): Promise<T & Refusable> {
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
    const document = `mutation($input: ${type}!) { done: ${mutation}(input: $input) { ${selection} ${REFUSAL} } }`;
    return (await this.ask<{ readonly done: T & Refusable }>(document, { input })).done;
  }

  /** As `attempt`, for what is expected to be done: throws when it is refused. */
  async do<T>(mutation: string, input: object, selection: string): Promise<T> {
    const payload = await this.attempt<T>(mutation, input, selection);
    if (payload.refusal) throw new Error(`${mutation}: ${payload.refusal.code}: ${payload.refusal.message}`);
    return payload;
  }
}

export interface Refusable {
  readonly refusal: Refusal | null;
}

export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly shortfall?: string;
  readonly coverCost?: { readonly amount: string; readonly currency: string } | null;
  readonly packs?: readonly { readonly name: string }[];
  readonly remaining?: string;
}

const REFUSAL = `refusal { code message
  ... on InsufficientCredits { shortfall coverCost { amount currency } packs { name } }
  ... on BudgetExceeded { remaining } }`;
