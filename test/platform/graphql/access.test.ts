import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { buildSchemaSync, Field, ObjectType, Query, Resolver } from "type-graphql";
import { Access, EVERYONE, fieldsWithoutRule } from "../../../src/platform/graphql/access";
import { createMetrics } from "../../../src/platform/metrics";
import { startServer } from "../../../src/platform/server";
import { ManualClock } from "../../support/clock";
import { silentLog } from "../../support/log";
import { SERVER_CONFIG } from "../../support/server-config";
import { toySchema } from "../../support/toy-schema";
import { ask, codes, startToyServer, ToyAuthenticator, type ToyServer } from "../../support/toy-server";

let server: ToyServer;

beforeAll(async () => {
  server = await startToyServer();
});

afterAll(() => server.stop());

describe("a rule of access", () => {
  test("on a root field keeps others from having it run", async () => {
    expect((await ask(server, "{ secret }", { key: "admin" })).data).toEqual({ secret: "of the operator" });
    server.toy.seen.length = 0;
    for (const key of ["service", "customer"]) {
      const { status, data, errors } = await ask(server, "{ hello secret }", { key });
      expect({ status, data }).toEqual({ status: 200, data: { hello: "world", secret: null } });
      expect(errors).toMatchObject([
        { path: ["secret"], message: `Query.secret is for ADMIN, not for the role ${key.toUpperCase()}.` },
      ]);
      expect(errors?.[0]?.extensions).toEqual({ code: "FORBIDDEN" });
    }
    expect(server.toy.seen).toEqual([]);
  });

  test("on a field goes before the one of its object type", async () => {
    const query = "{ book { title purchasePrice } }";
    expect((await ask(server, query, { key: "admin" })).data).toEqual({ book: { title: "Title 1", purchasePrice: "9" } });
    const { data, errors } = await ask(server, query, { key: "customer" });
    expect(data).toEqual({ book: { title: "Title 1", purchasePrice: null } });
    expect(codes({ errors: errors ?? [] })).toEqual(["FORBIDDEN"]);
  });

  test("on an object type holds for what is reached through an interface", async () => {
    const query = "{ things { __typename id } }";
    expect((await ask(server, query, { key: "service" })).data).toEqual({
      things: [
        { __typename: "Shelf", id: "shelf" },
        { __typename: "Vault", id: "vault" },
      ],
    });
    const { data, errors } = await ask(server, query, { key: "customer" });
    expect(data).toBeNull();
    expect(errors).toMatchObject([
      { message: "Vault.id is for ADMIN and SERVICE, not for the role CUSTOMER.", path: ["things", 1, "id"] },
    ]);
  });

  test("on a mutation keeps it from happening, also under an alias and in a fragment", async () => {
    server.toy.seen.length = 0;
    const query = "mutation { a: ring(number: 1) ...More } fragment More on Mutation { b: ring(number: 2) }";
    const answer = await ask(server, query, { key: "customer" });
    expect(codes(answer)).toContain("FORBIDDEN");
    expect(server.toy.seen).toEqual([]);
  });
});

describe("fields that nobody decided about", () => {
  @ObjectType()
  class Undecided {
    @Field(() => String)
    readonly forgotten!: string;

    @Access("ADMIN")
    @Field(() => String)
    readonly decided!: string;
  }

  @Resolver()
  class UndecidedResolver {
    @Query(() => Undecided)
    undecided(): Undecided {
      return { forgotten: "", decided: "" };
    }

    @Access(...EVERYONE)
    @Query(() => String)
    decided(): string {
      return "";
    }
  }

  const schema = buildSchemaSync({ resolvers: [UndecidedResolver], validate: false });

  test("are found, on root types as on others", () => {
    expect([...fieldsWithoutRule(schema)].sort()).toEqual(["Query.undecided", "Undecided.forgotten"]);
    expect(fieldsWithoutRule(toySchema())).toEqual([]);
  });

  test("keep a server from starting", async () => {
    const starting = startServer({
      schema,
      authenticator: new ToyAuthenticator(),
      contextOf: (identity) => ({ identity }),
      config: SERVER_CONFIG,
      log: silentLog,
      metrics: createMetrics(),
      clock: new ManualClock(),
    });
    await expect(starting).rejects.toThrow("nobody decided who may have these fields: ");
  });
});
