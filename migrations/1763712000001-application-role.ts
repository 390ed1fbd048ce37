import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * The role that the server works as. It owns nothing, so that what it may not do (change the ledger) it cannot do by mistake either.
 * Roles belong to the whole cluster: another database may have made it already, or be making it right now. Where the user may not
 * create roles, the server goes on as that user and says so in its log.
 */
export class ApplicationRole1763712000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DO $$
      BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tranche_app') THEN
          CREATE ROLE tranche_app NOLOGIN;
        END IF;
      EXCEPTION
        WHEN duplicate_object OR unique_violation THEN NULL;
        WHEN insufficient_privilege THEN RAISE WARNING 'this user may not create the role tranche_app';
      END
      $$`);
    // SET ROLE needs membership. Asked first, because two databases that grant at once disturb each other.
    await runner.query(`
      DO $$
      BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tranche_app' AND NOT pg_has_role(current_user, oid, 'MEMBER')) THEN
          GRANT tranche_app TO CURRENT_USER;
        END IF;
      EXCEPTION
        WHEN insufficient_privilege THEN RAISE WARNING 'this user may not become tranche_app';
      END
      $$`);
    // For the tables of this and all later migrations.
    await runner.query(`
      DO $$
      BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tranche_app') THEN
          GRANT USAGE ON SCHEMA public TO tranche_app;
          ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO tranche_app;
        END IF;
      END
      $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    // The role itself stays: other databases of the cluster may use it.
    await runner.query(`
      DO $$
      BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tranche_app') THEN
          ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT, INSERT, UPDATE, DELETE ON TABLES FROM tranche_app;
          REVOKE USAGE ON SCHEMA public FROM tranche_app;
        END IF;
      END
      $$`);
  }
}
