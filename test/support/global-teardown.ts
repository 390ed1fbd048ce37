/** After all tests: the run leaves its PostgreSQL, which stops unless another run uses it. */
export default async function tearDown(): Promise<void> {
  await globalThis.postgresOfTests?.stop();
}
