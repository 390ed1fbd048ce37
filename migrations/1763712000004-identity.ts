import type { MigrationInterface, QueryRunner } from "typeorm";

/** API keys, looked up by their keyed hash (the key itself is never stored), and the secrets that the server makes for itself. */
export class Identity1763712000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE api_keys (
        hash bytea PRIMARY KEY,
        id uuid NOT NULL,
        prefix text NOT NULL,
        role text NOT NULL,
        app text,
        name text NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz,
        revoked_at timestamptz,
        CONSTRAINT api_keys_id_unique UNIQUE (id),
        CONSTRAINT api_keys_role_known CHECK (role IN ('ADMIN', 'SERVICE'))
      )`);
    await runner.query(`
      CREATE TABLE server_secrets (
        name text PRIMARY KEY,
        value bytea NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP TABLE server_secrets, api_keys");
  }
}
