import { Client } from "pg";

/** A digest of every row of every table, as text: equal as long as nothing has changed. */
export async function contentsOf(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
    );
    const digests = [];
    for (const { name } of rows) {
      const row = `SELECT count(*) || ' ' || md5(string_agg(t::text, '' ORDER BY t::text)) AS digest FROM "${name}" t`;
      digests.push(`${name}: ${(await client.query<{ digest: string | null }>(row)).rows[0]?.digest}`);
    }
    return digests.join("\n");
  } finally {
    await client.end();
  }
}
