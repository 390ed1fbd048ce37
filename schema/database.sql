-- The tables of Tranche. Made from the migrations by scripts/emit-database.ts: change those, not this.

CREATE TYPE alert_state AS ENUM ('IDLE', 'ARMED', 'FIRED');

CREATE TYPE alert_type AS ENUM ('LOW', 'DEPLETED', 'RECOVERED', 'EXPIRING_SOON');

CREATE TYPE calendar_unit AS ENUM ('DAY', 'WEEK', 'MONTH', 'YEAR');

CREATE TYPE grant_kind AS ENUM ('ROLLOVER', 'PLAN', 'REFERRAL', 'PROMO', 'GIFT', 'REFUND', 'ADJUSTMENT', 'PURCHASED', 'OVERDRAFT');

CREATE TYPE hold_status AS ENUM ('OPEN', 'CAPTURED', 'RELEASED', 'EXPIRED');

CREATE TYPE pot AS ENUM ('PENDING', 'AVAILABLE', 'HELD', 'CONSUMED', 'EXPIRED', 'VOIDED', 'MOVED', 'ISSUED');

CREATE TYPE transaction_type AS ENUM ('GRANT', 'ACTIVATE', 'SPEND', 'HOLD', 'CAPTURE', 'RELEASE', 'REFUND', 'EXPIRE', 'VOID', 'ADJUST', 'TRANSFER');

CREATE TABLE account_external_ids (
  external_id text NOT NULL,
  account_id uuid NOT NULL,
  CONSTRAINT account_external_ids_pkey PRIMARY KEY (external_id)
);

CREATE TABLE accounts (
  id uuid NOT NULL,
  external_id text NOT NULL,
  name text,
  time_zone text NOT NULL,
  metadata jsonb,
  created_at timestamp with time zone NOT NULL,
  test_clock timestamp with time zone,
  plan_id integer,
  CONSTRAINT accounts_pkey PRIMARY KEY (id)
);

CREATE TABLE alerts (
  account_id uuid NOT NULL,
  credit_type_id integer NOT NULL,
  number integer NOT NULL,
  type alert_type NOT NULL,
  sequence bigint NOT NULL,
  effective_at timestamp with time zone NOT NULL,
  recorded_at timestamp with time zone NOT NULL,
  spendable bigint NOT NULL,
  threshold_number integer,
  threshold_amount bigint,
  grant_number integer,
  expiring bigint,
  written_by bigint NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint,
  CONSTRAINT alerts_pkey PRIMARY KEY (account_id, credit_type_id, number),
  CONSTRAINT alerts_grant_whole CHECK (((grant_number IS NULL) = (expiring IS NULL))),
  CONSTRAINT alerts_threshold_whole CHECK (((threshold_number IS NULL) = (threshold_amount IS NULL)))
);
CREATE INDEX alerts_of_account ON alerts USING btree (account_id, written_by, credit_type_id, number);
CREATE INDEX alerts_written ON alerts USING btree (written_by, account_id, credit_type_id, number);

CREATE TABLE api_keys (
  hash bytea NOT NULL,
  id uuid NOT NULL,
  prefix text NOT NULL,
  role text NOT NULL,
  app text,
  name text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  CONSTRAINT api_keys_pkey PRIMARY KEY (hash),
  CONSTRAINT api_keys_id_unique UNIQUE (id),
  CONSTRAINT api_keys_role_known CHECK ((role = ANY (ARRAY['ADMIN'::text, 'SERVICE'::text])))
);

CREATE TABLE audit_log (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  at timestamp with time zone NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  account_id uuid,
  before jsonb,
  after jsonb,
  reason text,
  CONSTRAINT audit_log_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_log_account ON audit_log USING btree (account_id, id) WHERE (account_id IS NOT NULL);
CREATE INDEX audit_log_actor ON audit_log USING btree (actor, id);
CREATE INDEX audit_log_subject ON audit_log USING btree (subject, id);

CREATE TABLE credit_types (
  id integer NOT NULL GENERATED ALWAYS AS IDENTITY,
  name text NOT NULL,
  policy integer NOT NULL,
  refund_grace text NOT NULL,
  expiry_notice text NOT NULL,
  default_expiry text,
  created_at timestamp with time zone NOT NULL,
  price_revision integer NOT NULL DEFAULT 0,
  unit_revision integer NOT NULL DEFAULT 0,
  CONSTRAINT credit_types_pkey PRIMARY KEY (id),
  CONSTRAINT credit_types_name_unique UNIQUE (name)
);

CREATE TABLE grants (
  account_id uuid NOT NULL,
  credit_type_id integer NOT NULL,
  number integer NOT NULL,
  kind grant_kind NOT NULL,
  amount bigint NOT NULL,
  pending bigint NOT NULL,
  available bigint NOT NULL,
  held bigint NOT NULL,
  consumed bigint NOT NULL,
  expired bigint NOT NULL,
  voided bigint NOT NULL,
  moved bigint NOT NULL,
  repaid bigint NOT NULL,
  voided_at timestamp with time zone,
  closed_at timestamp with time zone,
  priority smallint NOT NULL,
  effective_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone,
  scope_operations text[] NOT NULL,
  scope_apps text[] NOT NULL,
  cost_amount numeric,
  cost_currency text,
  rollover_percent smallint,
  rollover_maximum bigint,
  rollover_period text,
  rollover_periods integer,
  repays_debt boolean NOT NULL,
  source text,
  metadata jsonb,
  created_by bigint NOT NULL,
  changed_by bigint NOT NULL,
  created_at timestamp with time zone NOT NULL,
  origin_account_id uuid,
  origin_credit_type_id integer,
  origin_number integer,
  rollover_until timestamp with time zone,
  CONSTRAINT grants_pkey PRIMARY KEY (account_id, credit_type_id, number),
  CONSTRAINT grants_cost_whole CHECK (((cost_amount IS NULL) = (cost_currency IS NULL))),
  CONSTRAINT grants_pots_natural CHECK (((pending >= 0) AND (available >= 0) AND (held >= 0) AND (consumed >= 0) AND (expired >= 0) AND (voided >= 0) AND (moved >= 0))),
  CONSTRAINT grants_pots_whole CHECK ((((((((pending + available) + held) + consumed) + expired) + voided) + moved) = amount)),
  CONSTRAINT grants_priority_range CHECK (((priority >= 0) AND (priority <= 255))),
  CONSTRAINT grants_repaid_consumed CHECK (((repaid >= 0) AND (repaid <= consumed))),
  CONSTRAINT grants_rollover_until_later CHECK (((rollover_until IS NULL) OR ((rollover_periods IS NOT NULL) AND (rollover_until > expires_at)))),
  CONSTRAINT grants_rollover_whole CHECK ((num_nulls(rollover_percent, rollover_period, rollover_periods) = ANY (ARRAY[0, 3])))
) WITH (fillfactor=50);
CREATE INDEX grants_open ON grants USING btree (account_id, credit_type_id, number) WHERE (closed_at IS NULL);
CREATE INDEX grants_repaying ON grants USING btree (account_id, credit_type_id, number) WHERE (repaid > 0);

CREATE TABLE holds (
  account_id uuid NOT NULL,
  credit_type_id integer NOT NULL,
  sequence bigint NOT NULL,
  amount bigint NOT NULL,
  captured bigint NOT NULL,
  released bigint NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  status hold_status NOT NULL,
  operation text,
  app text,
  draw_grants integer[] NOT NULL,
  draw_amounts bigint[] NOT NULL,
  member integer,
  held_at timestamp with time zone NOT NULL,
  CONSTRAINT holds_pkey PRIMARY KEY (account_id, credit_type_id, sequence),
  CONSTRAINT holds_draws_paired CHECK ((cardinality(draw_grants) = cardinality(draw_amounts))),
  CONSTRAINT holds_ended_empty CHECK (((status = 'OPEN'::hold_status) OR ((captured + released) = amount))),
  CONSTRAINT holds_parts_natural CHECK (((captured >= 0) AND (released >= 0) AND ((captured + released) <= amount)))
);
CREATE INDEX holds_open ON holds USING btree (account_id, credit_type_id, expires_at, sequence) WHERE (status = 'OPEN'::hold_status);

CREATE TABLE members (
  account_id uuid NOT NULL,
  number integer NOT NULL,
  external_id text NOT NULL,
  name text,
  created_at timestamp with time zone NOT NULL,
  removed_at timestamp with time zone,
  CONSTRAINT members_pkey PRIMARY KEY (account_id, number),
  CONSTRAINT members_external_id_unique UNIQUE (account_id, external_id)
);

CREATE TABLE pack_versions (
  id integer NOT NULL GENERATED ALWAYS AS IDENTITY,
  pack_id integer NOT NULL,
  number integer NOT NULL,
  title text NOT NULL,
  amount bigint NOT NULL,
  price_amount numeric NOT NULL,
  price_currency text NOT NULL,
  life text,
  priority smallint NOT NULL,
  for_everyone boolean NOT NULL,
  reason text,
  published_at timestamp with time zone NOT NULL,
  published_by text NOT NULL,
  CONSTRAINT pack_versions_pkey PRIMARY KEY (id),
  CONSTRAINT pack_versions_number_unique UNIQUE (pack_id, number),
  CONSTRAINT pack_versions_positive CHECK (((amount > 0) AND (price_amount > (0)::numeric))),
  CONSTRAINT pack_versions_priority_range CHECK (((priority >= 0) AND (priority <= 255)))
);

CREATE TABLE packs (
  id integer NOT NULL GENERATED ALWAYS AS IDENTITY,
  name text NOT NULL,
  credit_type_id integer NOT NULL,
  retired_at timestamp with time zone,
  retired_by text,
  CONSTRAINT packs_pkey PRIMARY KEY (id),
  CONSTRAINT packs_name_unique UNIQUE (name),
  CONSTRAINT packs_retired_whole CHECK (((retired_at IS NULL) = (retired_by IS NULL)))
);

CREATE TABLE plan_migration_subscriptions (
  account_id uuid NOT NULL,
  migration integer NOT NULL,
  subscription integer NOT NULL,
  outcome text,
  CONSTRAINT plan_migration_subscriptions_pkey PRIMARY KEY (account_id, migration)
);
CREATE INDEX plan_migration_subscriptions_outcome ON plan_migration_subscriptions USING btree (migration, outcome, account_id);
CREATE INDEX plan_migration_subscriptions_refused ON plan_migration_subscriptions USING btree (migration, account_id) WHERE (outcome <> 'DONE'::text);

CREATE TABLE plan_migrations (
  id integer NOT NULL GENERATED ALWAYS AS IDENTITY,
  plan_id integer NOT NULL,
  to_version_id integer NOT NULL,
  from_numbers integer[] NOT NULL,
  change_time text NOT NULL,
  reason text,
  started_at timestamp with time zone NOT NULL,
  started_by text NOT NULL,
  ended_at timestamp with time zone,
  idempotency_key text,
  input jsonb,
  CONSTRAINT plan_migrations_pkey PRIMARY KEY (id),
  CONSTRAINT plan_migrations_key_whole CHECK (((input IS NULL) = (idempotency_key IS NULL)))
);
CREATE UNIQUE INDEX plan_migrations_idempotency ON plan_migrations USING btree (idempotency_key) WHERE (idempotency_key IS NOT NULL);
CREATE INDEX plan_migrations_plan ON plan_migrations USING btree (plan_id, id);
CREATE INDEX plan_migrations_under_way ON plan_migrations USING btree (id) WHERE (ended_at IS NULL);

CREATE TABLE plan_versions (
  id integer NOT NULL GENERATED ALWAYS AS IDENTITY,
  plan_id integer NOT NULL,
  number integer NOT NULL,
  content jsonb NOT NULL,
  reason text,
  published_at timestamp with time zone NOT NULL,
  published_by text NOT NULL,
  CONSTRAINT plan_versions_pkey PRIMARY KEY (id),
  CONSTRAINT plan_versions_number_unique UNIQUE (plan_id, number)
);

CREATE TABLE plans (
  id integer NOT NULL GENERATED ALWAYS AS IDENTITY,
  name text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  retired_at timestamp with time zone,
  retired_by text,
  CONSTRAINT plans_pkey PRIMARY KEY (id),
  CONSTRAINT plans_name_unique UNIQUE (name),
  CONSTRAINT plans_retired_whole CHECK (((retired_at IS NULL) = (retired_by IS NULL)))
);

CREATE TABLE policies (
  version integer NOT NULL,
  keys text[] NOT NULL,
  CONSTRAINT policies_pkey PRIMARY KEY (version),
  CONSTRAINT policies_keys_unique UNIQUE (keys)
);

CREATE TABLE price_lists (
  id integer NOT NULL GENERATED ALWAYS AS IDENTITY,
  credit_type_id integer NOT NULL,
  owner text NOT NULL,
  account_id uuid,
  app text,
  plan_id integer,
  CONSTRAINT price_lists_pkey PRIMARY KEY (id),
  CONSTRAINT price_lists_owner_unique UNIQUE (credit_type_id, owner),
  CONSTRAINT price_lists_owner_whole CHECK ((owner = COALESCE(('account:'::text || account_id), ('app:'::text || app), ('plan:'::text || plan_id), 'everybody'::text)))
);

CREATE TABLE price_versions (
  id integer NOT NULL GENERATED ALWAYS AS IDENTITY,
  list_id integer NOT NULL,
  number integer NOT NULL,
  revision integer NOT NULL,
  effective_from timestamp with time zone NOT NULL,
  unit_amount numeric,
  unit_currency text,
  prices jsonb NOT NULL,
  reason text,
  published_at timestamp with time zone NOT NULL,
  published_by text NOT NULL,
  withdrawn_at timestamp with time zone,
  withdrawn_by text,
  withdrawn_revision integer,
  CONSTRAINT price_versions_pkey PRIMARY KEY (id),
  CONSTRAINT price_versions_number_unique UNIQUE (list_id, number),
  CONSTRAINT price_versions_unit_whole CHECK (((unit_amount IS NULL) = (unit_currency IS NULL))),
  CONSTRAINT price_versions_withdrawn_whole CHECK ((num_nulls(withdrawn_at, withdrawn_by, withdrawn_revision) = ANY (ARRAY[0, 3])))
);

CREATE TABLE redenominations (
  credit_type_id integer NOT NULL,
  number integer NOT NULL,
  factor numeric NOT NULL,
  effective_from timestamp with time zone NOT NULL,
  reason text,
  published_at timestamp with time zone NOT NULL,
  published_by text NOT NULL,
  withdrawn_at timestamp with time zone,
  withdrawn_by text,
  CONSTRAINT redenominations_pkey PRIMARY KEY (credit_type_id, number),
  CONSTRAINT redenominations_factor_positive CHECK ((factor > (0)::numeric)),
  CONSTRAINT redenominations_withdrawn_whole CHECK (((withdrawn_at IS NULL) = (withdrawn_by IS NULL)))
);

CREATE TABLE server_secrets (
  name text NOT NULL,
  value bytea NOT NULL,
  CONSTRAINT server_secrets_pkey PRIMARY KEY (name)
);

CREATE TABLE spending_limits (
  account_id uuid NOT NULL,
  credit_type_id integer NOT NULL,
  number integer NOT NULL,
  member integer NOT NULL,
  operations text[] NOT NULL,
  every calendar_unit NOT NULL,
  amount bigint NOT NULL,
  used bigint NOT NULL,
  window_from timestamp with time zone NOT NULL,
  window_until timestamp with time zone NOT NULL,
  CONSTRAINT spending_limits_pkey PRIMARY KEY (account_id, credit_type_id, number),
  CONSTRAINT spending_limits_natural CHECK (((amount >= 0) AND (used >= 0))),
  CONSTRAINT spending_limits_window_whole CHECK ((window_from < window_until))
) WITH (fillfactor=50);
CREATE INDEX spending_limits_of_member ON spending_limits USING btree (account_id, member, credit_type_id, number);

CREATE TABLE subscription_acts (
  account_id uuid NOT NULL,
  subscription integer NOT NULL,
  number integer NOT NULL,
  command integer NOT NULL,
  credit_type_id integer NOT NULL,
  idempotency_key text NOT NULL,
  plan text NOT NULL,
  act jsonb NOT NULL,
  performed_at timestamp with time zone,
  outcome text,
  sequence bigint,
  grant_number integer,
  amount bigint,
  owing jsonb,
  CONSTRAINT subscription_acts_pkey PRIMARY KEY (account_id, subscription, number),
  CONSTRAINT subscription_acts_key_unique UNIQUE (account_id, idempotency_key),
  CONSTRAINT subscription_acts_done_whole CHECK (((outcome = 'DONE'::text) = (sequence IS NOT NULL))),
  CONSTRAINT subscription_acts_outcome_whole CHECK (((performed_at IS NULL) = (outcome IS NULL)))
);
CREATE INDEX subscription_acts_outstanding ON subscription_acts USING btree (account_id, subscription, number) WHERE (performed_at IS NULL);
CREATE INDEX subscription_acts_owing ON subscription_acts USING btree (account_id, subscription, credit_type_id, number) WHERE (owing IS NOT NULL);

CREATE TABLE subscription_commands (
  account_id uuid NOT NULL,
  subscription integer NOT NULL,
  number integer NOT NULL,
  type text NOT NULL,
  input jsonb,
  idempotency_key text,
  revision integer NOT NULL,
  status text NOT NULL,
  plan_version_id integer NOT NULL,
  actor text NOT NULL,
  reason text,
  at timestamp with time zone NOT NULL,
  CONSTRAINT subscription_commands_pkey PRIMARY KEY (account_id, subscription, number),
  CONSTRAINT subscription_commands_key_whole CHECK (((input IS NULL) = (idempotency_key IS NULL)))
);
CREATE UNIQUE INDEX subscription_commands_idempotency ON subscription_commands USING btree (account_id, idempotency_key) WHERE (idempotency_key IS NOT NULL);

CREATE TABLE subscriptions (
  account_id uuid NOT NULL,
  number integer NOT NULL,
  revision integer NOT NULL,
  status text NOT NULL,
  plan_version_id integer NOT NULL,
  state jsonb NOT NULL,
  command_count integer NOT NULL,
  act_count integer NOT NULL,
  next_due_at timestamp with time zone,
  started_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone,
  ahead_version_id integer,
  CONSTRAINT subscriptions_pkey PRIMARY KEY (account_id, number),
  CONSTRAINT subscriptions_end_whole CHECK (((status = 'ENDED'::text) = (ended_at IS NOT NULL))),
  CONSTRAINT subscriptions_status_known CHECK ((status = ANY (ARRAY['TRIALING'::text, 'ACTIVE'::text, 'PAUSED'::text, 'UNPAID'::text, 'ENDED'::text])))
);
CREATE INDEX subscriptions_ahead ON subscriptions USING btree (ahead_version_id) WHERE (ahead_version_id IS NOT NULL);
CREATE INDEX subscriptions_due ON subscriptions USING btree (next_due_at) WHERE (next_due_at IS NOT NULL);
CREATE UNIQUE INDEX subscriptions_live ON subscriptions USING btree (account_id) WHERE (status <> 'ENDED'::text);
CREATE INDEX subscriptions_version ON subscriptions USING btree (plan_version_id, account_id, number);

CREATE TABLE thresholds (
  account_id uuid NOT NULL,
  credit_type_id integer NOT NULL,
  number integer NOT NULL,
  amount bigint NOT NULL,
  state alert_state NOT NULL,
  since_sequence bigint NOT NULL,
  since timestamp with time zone NOT NULL,
  removed_sequence bigint,
  removed_at timestamp with time zone,
  CONSTRAINT thresholds_pkey PRIMARY KEY (account_id, credit_type_id, number),
  CONSTRAINT thresholds_removed_whole CHECK (((removed_sequence IS NULL) = (removed_at IS NULL)))
);
CREATE INDEX thresholds_standing ON thresholds USING btree (account_id, credit_type_id, number) WHERE (removed_at IS NULL);

CREATE TABLE transactions (
  account_id uuid NOT NULL,
  credit_type_id integer NOT NULL,
  type transaction_type NOT NULL,
  sequence bigint NOT NULL,
  amount bigint NOT NULL,
  available bigint NOT NULL,
  held bigint NOT NULL,
  pending bigint NOT NULL,
  debt bigint NOT NULL,
  overdraft bigint NOT NULL,
  by_kind bigint[] NOT NULL,
  operation text,
  quantity text,
  app text,
  actor text NOT NULL,
  description text,
  metadata jsonb,
  idempotency_key text,
  fingerprint bytea,
  relates_to bigint,
  counterpart_account_id uuid,
  counterpart_credit_type_id integer,
  counterpart_sequence bigint,
  policy integer NOT NULL,
  effective_at timestamp with time zone NOT NULL,
  recorded_at timestamp with time zone NOT NULL,
  occurred_at timestamp with time zone,
  previous_hash bytea NOT NULL,
  hash bytea NOT NULL,
  entry_grants integer[] NOT NULL,
  entry_befores integer[] NOT NULL,
  entry_amounts bigint[] NOT NULL,
  entry_sources pot[] NOT NULL,
  entry_pots pot[] NOT NULL,
  price_version integer,
  price_revision integer,
  price_at timestamp with time zone,
  member integer,
  price_plan integer,
  CONSTRAINT transactions_pkey PRIMARY KEY (account_id, credit_type_id, sequence),
  CONSTRAINT transactions_counterpart_whole CHECK ((num_nulls(counterpart_account_id, counterpart_credit_type_id, counterpart_sequence) = ANY (ARRAY[0, 3]))),
  CONSTRAINT transactions_entries_inside CHECK (('ISSUED'::pot <> ALL (entry_pots))),
  CONSTRAINT transactions_entries_paired CHECK (((cardinality(entry_grants) = cardinality(entry_amounts)) AND (cardinality(entry_befores) = cardinality(entry_amounts)) AND (cardinality(entry_sources) = cardinality(entry_amounts)) AND (cardinality(entry_pots) = cardinality(entry_amounts)))),
  CONSTRAINT transactions_entries_positive CHECK ((0 < ALL (entry_amounts))),
  CONSTRAINT transactions_key_fingerprinted CHECK (((idempotency_key IS NULL) = (fingerprint IS NULL))),
  CONSTRAINT transactions_price_plan_priced CHECK (((price_plan IS NULL) OR (price_version IS NOT NULL))),
  CONSTRAINT transactions_price_whole CHECK ((num_nulls(price_version, price_revision, price_at) = ANY (ARRAY[0, 3]))),
  CONSTRAINT transactions_sequence_positive CHECK ((sequence > 0))
);
CREATE UNIQUE INDEX transactions_idempotency ON transactions USING btree (account_id, idempotency_key) WHERE (idempotency_key IS NOT NULL);
CREATE INDEX transactions_occurred ON transactions USING btree (account_id, credit_type_id, occurred_at) WHERE (occurred_at IS NOT NULL);
CREATE INDEX transactions_of_member ON transactions USING btree (account_id, credit_type_id, member, sequence) WHERE (member IS NOT NULL);
CREATE INDEX transactions_related ON transactions USING btree (account_id, credit_type_id, relates_to, sequence) WHERE (relates_to IS NOT NULL);

CREATE TABLE wallets (
  account_id uuid NOT NULL,
  credit_type_id integer NOT NULL,
  sequence bigint NOT NULL,
  clock_at timestamp with time zone NOT NULL,
  hash bytea NOT NULL,
  grant_count integer NOT NULL,
  alert_count integer NOT NULL,
  policy integer,
  available bigint NOT NULL,
  held bigint NOT NULL,
  pending bigint NOT NULL,
  debt bigint NOT NULL,
  overdraft bigint NOT NULL,
  by_kind bigint[] NOT NULL,
  depletion alert_state NOT NULL,
  next_due_at timestamp with time zone,
  revision bigint NOT NULL DEFAULT 0,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT wallets_pkey PRIMARY KEY (account_id, credit_type_id),
  CONSTRAINT wallets_balance_natural CHECK (((available >= 0) AND (held >= 0) AND (pending >= 0) AND (debt >= 0) AND (overdraft >= 0))),
  CONSTRAINT wallets_counts_natural CHECK (((sequence >= 0) AND (grant_count >= 0) AND (alert_count >= 0)))
) WITH (fillfactor=50);
CREATE INDEX wallets_due ON wallets USING btree (next_due_at) WHERE (next_due_at IS NOT NULL);

ALTER TABLE account_external_ids ADD CONSTRAINT account_external_ids_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id);
ALTER TABLE accounts ADD CONSTRAINT accounts_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans(id);
ALTER TABLE alerts ADD CONSTRAINT alerts_credit_type_id_fkey FOREIGN KEY (account_id, credit_type_id) REFERENCES wallets(account_id, credit_type_id);
ALTER TABLE credit_types ADD CONSTRAINT credit_types_policy_fkey FOREIGN KEY (policy) REFERENCES policies(version);
ALTER TABLE grants ADD CONSTRAINT grants_credit_type_id_fkey FOREIGN KEY (account_id, credit_type_id) REFERENCES wallets(account_id, credit_type_id);
ALTER TABLE holds ADD CONSTRAINT holds_sequence_fkey FOREIGN KEY (account_id, credit_type_id, sequence) REFERENCES transactions(account_id, credit_type_id, sequence);
ALTER TABLE members ADD CONSTRAINT members_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id);
ALTER TABLE pack_versions ADD CONSTRAINT pack_versions_pack_id_fkey FOREIGN KEY (pack_id) REFERENCES packs(id);
ALTER TABLE packs ADD CONSTRAINT packs_credit_type_id_fkey FOREIGN KEY (credit_type_id) REFERENCES credit_types(id);
ALTER TABLE plan_migration_subscriptions ADD CONSTRAINT plan_migration_subscriptions_migration_fkey FOREIGN KEY (migration) REFERENCES plan_migrations(id);
ALTER TABLE plan_migration_subscriptions ADD CONSTRAINT plan_migration_subscriptions_subscription_fkey FOREIGN KEY (account_id, subscription) REFERENCES subscriptions(account_id, number);
ALTER TABLE plan_migrations ADD CONSTRAINT plan_migrations_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans(id);
ALTER TABLE plan_migrations ADD CONSTRAINT plan_migrations_to_version_id_fkey FOREIGN KEY (to_version_id) REFERENCES plan_versions(id);
ALTER TABLE plan_versions ADD CONSTRAINT plan_versions_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans(id);
ALTER TABLE price_lists ADD CONSTRAINT price_lists_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id);
ALTER TABLE price_lists ADD CONSTRAINT price_lists_credit_type_id_fkey FOREIGN KEY (credit_type_id) REFERENCES credit_types(id);
ALTER TABLE price_lists ADD CONSTRAINT price_lists_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans(id);
ALTER TABLE price_versions ADD CONSTRAINT price_versions_list_id_fkey FOREIGN KEY (list_id) REFERENCES price_lists(id);
ALTER TABLE redenominations ADD CONSTRAINT redenominations_credit_type_id_fkey FOREIGN KEY (credit_type_id) REFERENCES credit_types(id);
ALTER TABLE spending_limits ADD CONSTRAINT spending_limits_credit_type_id_fkey FOREIGN KEY (account_id, credit_type_id) REFERENCES wallets(account_id, credit_type_id);
ALTER TABLE spending_limits ADD CONSTRAINT spending_limits_member_fkey FOREIGN KEY (account_id, member) REFERENCES members(account_id, number);
ALTER TABLE subscription_acts ADD CONSTRAINT subscription_acts_credit_type_id_fkey FOREIGN KEY (credit_type_id) REFERENCES credit_types(id);
ALTER TABLE subscription_acts ADD CONSTRAINT subscription_acts_subscription_fkey FOREIGN KEY (account_id, subscription) REFERENCES subscriptions(account_id, number);
ALTER TABLE subscription_commands ADD CONSTRAINT subscription_commands_plan_version_id_fkey FOREIGN KEY (plan_version_id) REFERENCES plan_versions(id);
ALTER TABLE subscription_commands ADD CONSTRAINT subscription_commands_subscription_fkey FOREIGN KEY (account_id, subscription) REFERENCES subscriptions(account_id, number);
ALTER TABLE subscriptions ADD CONSTRAINT subscriptions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id);
ALTER TABLE subscriptions ADD CONSTRAINT subscriptions_ahead_version_id_fkey FOREIGN KEY (ahead_version_id) REFERENCES plan_versions(id);
ALTER TABLE subscriptions ADD CONSTRAINT subscriptions_plan_version_id_fkey FOREIGN KEY (plan_version_id) REFERENCES plan_versions(id);
ALTER TABLE thresholds ADD CONSTRAINT thresholds_credit_type_id_fkey FOREIGN KEY (account_id, credit_type_id) REFERENCES wallets(account_id, credit_type_id);
ALTER TABLE transactions ADD CONSTRAINT transactions_credit_type_id_fkey FOREIGN KEY (account_id, credit_type_id) REFERENCES wallets(account_id, credit_type_id);
ALTER TABLE wallets ADD CONSTRAINT wallets_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id);
ALTER TABLE wallets ADD CONSTRAINT wallets_credit_type_id_fkey FOREIGN KEY (credit_type_id) REFERENCES credit_types(id);
ALTER TABLE wallets ADD CONSTRAINT wallets_policy_fkey FOREIGN KEY (policy) REFERENCES policies(version);

GRANT DELETE, INSERT, SELECT, UPDATE ON account_external_ids TO tranche_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON accounts TO tranche_app;
GRANT INSERT, SELECT ON alerts TO tranche_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON api_keys TO tranche_app;
GRANT INSERT, SELECT ON audit_log TO tranche_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON credit_types TO tranche_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON grants TO tranche_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON holds TO tranche_app;
GRANT INSERT, SELECT, UPDATE ON members TO tranche_app;
GRANT INSERT, SELECT ON pack_versions TO tranche_app;
GRANT INSERT, SELECT ON packs TO tranche_app;
GRANT INSERT, SELECT ON plan_migration_subscriptions TO tranche_app;
GRANT INSERT, SELECT ON plan_migrations TO tranche_app;
GRANT INSERT, SELECT ON plan_versions TO tranche_app;
GRANT INSERT, SELECT ON plans TO tranche_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON policies TO tranche_app;
GRANT INSERT, SELECT ON price_lists TO tranche_app;
GRANT INSERT, SELECT ON price_versions TO tranche_app;
GRANT INSERT, SELECT ON redenominations TO tranche_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON server_secrets TO tranche_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON spending_limits TO tranche_app;
GRANT INSERT, SELECT ON subscription_acts TO tranche_app;
GRANT INSERT, SELECT ON subscription_commands TO tranche_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON subscriptions TO tranche_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON thresholds TO tranche_app;
GRANT INSERT, SELECT ON transactions TO tranche_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON wallets TO tranche_app;
