-- The spine: tables by feature, then what Prisma cannot say (partitions, triggers, the commit function, the three roles' rights).
-- Roles countersign_owner, countersign_web and countersign_gateway exist before this runs; the owner runs it.

-- ───────────────────────────────────────────── people
CREATE TABLE "users" (
  "id" text NOT NULL,
  "person_id" text NOT NULL,
  "email" text NOT NULL,
  "name" text NOT NULL,
  "password_hash" text NOT NULL,
  "roles" text[] NOT NULL,
  "status" text NOT NULL DEFAULT 'active',
  "created_at" timestamptz NOT NULL DEFAULT now(),
  "deactivated_at" timestamptz,
  CONSTRAINT "users_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "users_status_known" CHECK ("status" IN ('active', 'deactivated')),
  CONSTRAINT "users_email_lower" CHECK ("email" = lower("email"))
);
CREATE UNIQUE INDEX "users_email_key" ON "users" ("email");

CREATE TABLE "sessions" (
  "id" text NOT NULL,
  "user_id" text NOT NULL,
  "created_at" timestamptz NOT NULL DEFAULT now(),
  "expires_at" timestamptz NOT NULL,
  "ended_at" timestamptz,
  CONSTRAINT "sessions_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "sessions_user_id_idx" ON "sessions" ("user_id");

-- Failed sign-ins per e-mail and per address, so that guessing is slowed across every web process.
CREATE TABLE "sign_in_attempts" (
  "subject" text NOT NULL,
  "failures" integer NOT NULL DEFAULT 0,
  "locked_until" timestamptz,
  "last_at" timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT "sign_in_attempts_pkey" PRIMARY KEY ("subject")
);

-- ───────────────────────────────────────────── registry
CREATE TABLE "processes" (
  "id" text NOT NULL,
  "name" text NOT NULL,
  "owner_id" text NOT NULL,
  "created_at" timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT "processes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "processes_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE TABLE "systems" (
  "id" text NOT NULL,
  "name" text NOT NULL,
  "created_at" timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT "systems_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "action_types" (
  "name" text NOT NULL,
  "system_id" text NOT NULL,
  "title" text NOT NULL,
  "status" text NOT NULL DEFAULT 'unset',
  "schema_version" integer NOT NULL DEFAULT 1,
  "document" jsonb NOT NULL,
  "changed_at" timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT "action_types_pkey" PRIMARY KEY ("name"),
  CONSTRAINT "action_types_status_known" CHECK ("status" IN ('unset', 'approved', 'disabled')),
  CONSTRAINT "action_types_system_id_fkey" FOREIGN KEY ("system_id") REFERENCES "systems" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE TABLE "agents" (
  "id" text NOT NULL,
  "name" text NOT NULL,
  "purpose" text NOT NULL,
  "process_id" text NOT NULL,
  "owner_id" text NOT NULL,
  "status" text NOT NULL DEFAULT 'draft',
  "autonomy_floor" integer NOT NULL DEFAULT 2,
  "created_at" timestamptz NOT NULL DEFAULT now(),
  "activated_at" timestamptz,
  CONSTRAINT "agents_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "agents_status_known" CHECK ("status" IN ('draft', 'in_review', 'approved', 'active', 'suspended', 'decommissioned', 'rejected')),
  CONSTRAINT "agents_floor_known" CHECK ("autonomy_floor" BETWEEN 1 AND 4),
  CONSTRAINT "agents_process_id_fkey" FOREIGN KEY ("process_id") REFERENCES "processes" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT "agents_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE TABLE "agent_permissions" (
  "agent_id" text NOT NULL,
  "action_type" text NOT NULL,
  "granted_at" timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT "agent_permissions_pkey" PRIMARY KEY ("agent_id", "action_type"),
  CONSTRAINT "agent_permissions_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agents" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT "agent_permissions_action_type_fkey" FOREIGN KEY ("action_type") REFERENCES "action_types" ("name") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- ───────────────────────────────────────────── identity
CREATE TABLE "credentials" (
  "id" text NOT NULL,
  "agent_id" text NOT NULL,
  "secret_hash" bytea NOT NULL,
  "hint" text NOT NULL,
  "created_at" timestamptz NOT NULL DEFAULT now(),
  "expires_at" timestamptz NOT NULL,
  "revoked_at" timestamptz,
  CONSTRAINT "credentials_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "credentials_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agents" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "credentials_agent_id_idx" ON "credentials" ("agent_id");

CREATE TABLE "signing_keys" (
  "kid" text NOT NULL,
  "public_jwk" jsonb NOT NULL,
  "private_sealed" bytea NOT NULL,
  "created_at" timestamptz NOT NULL DEFAULT now(),
  "signs_from" timestamptz NOT NULL,
  "signs_until" timestamptz,
  "verifies_until" timestamptz,
  CONSTRAINT "signing_keys_pkey" PRIMARY KEY ("kid")
);

-- Written by the commit only: (agent, task) → the server-issued workflow that every token for the task carries.
CREATE TABLE "grants" (
  "id" text NOT NULL,
  "agent_id" text NOT NULL,
  "task" text NOT NULL,
  "workflow_id" text NOT NULL,
  "issued_at" timestamptz NOT NULL,
  CONSTRAINT "grants_pkey" PRIMARY KEY ("agent_id", "task")
);

-- ───────────────────────────────────────────── policy
CREATE TABLE "policies" (
  "id" text NOT NULL,
  "version" integer NOT NULL,
  "name" text NOT NULL,
  "status" text NOT NULL DEFAULT 'draft',
  "document" jsonb NOT NULL,
  "created_at" timestamptz NOT NULL DEFAULT now(),
  "published_at" timestamptz,
  CONSTRAINT "policies_pkey" PRIMARY KEY ("id", "version"),
  CONSTRAINT "policies_status_known" CHECK ("status" IN ('draft', 'in_review', 'active', 'retired'))
);
-- At most one active version of a policy (partial unique: said in the schema's comment, since Prisma cannot say it).
CREATE UNIQUE INDEX "policies_one_active" ON "policies" ("id") WHERE "status" = 'active';

CREATE TABLE "exchange_rates" (
  "base" text NOT NULL,
  "as_of" date NOT NULL,
  "rates" jsonb NOT NULL,
  "published_at" timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT "exchange_rates_pkey" PRIMARY KEY ("base", "as_of")
);

-- ───────────────────────────────────────────── approvals (no foreign keys: the gateway writes here while it holds the order lock)
CREATE TABLE "approvals" (
  "id" text NOT NULL,
  "decision_id" text NOT NULL,
  "decision_seq" bigint NOT NULL,
  "agent_id" text NOT NULL,
  "process_id" text NOT NULL,
  "workflow_id" text NOT NULL,
  "action_type" text NOT NULL,
  "asker" text,
  "digest" bytea NOT NULL,
  "tier" integer NOT NULL,
  "deciding" text[] NOT NULL,
  "status" text NOT NULL DEFAULT 'pending',
  "requested_at" timestamptz NOT NULL,
  "expires_at" timestamptz NOT NULL,
  "decided_at" timestamptz,
  "decided_by" text,
  "reason_code" text,
  "reason" text,
  "used_at" timestamptz,
  "used_by" text,
  CONSTRAINT "approvals_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "approvals_status_known" CHECK ("status" IN ('pending', 'approved', 'rejected', 'expired', 'used')),
  CONSTRAINT "approvals_decided_whole" CHECK (("status" IN ('pending', 'expired')) = ("decided_by" IS NULL)),
  CONSTRAINT "approvals_used_whole" CHECK (("status" = 'used') = ("used_by" IS NOT NULL))
);
-- The commit's search for a live duplicate; not unique, since a unique check would wait for a person's open transaction.
CREATE INDEX "approvals_agent_id_digest_idx" ON "approvals" ("agent_id", "digest");
-- The inbox and the expiry sweep: what waits, nearest deadline first.
CREATE INDEX "approvals_status_expires_at_idx" ON "approvals" ("status", "expires_at");

-- ───────────────────────────────────────────── containment
CREATE TABLE "kill_switches" (
  "id" text NOT NULL,
  "scope" text NOT NULL,
  "target" text NOT NULL,
  "reason" text NOT NULL,
  "set_by" text NOT NULL,
  "set_at" timestamptz NOT NULL DEFAULT now(),
  "lifted_by" text,
  "lifted_at" timestamptz,
  "lift_reason" text,
  CONSTRAINT "kill_switches_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "kill_switches_scope_known" CHECK ("scope" IN ('organisation', 'process', 'agent', 'action_type', 'system'))
);

-- Written by the commit when a decision halts its workflow; read by every later commit, so one gateway's halt binds all.
CREATE TABLE "workflow_halts" (
  "decision_id" text NOT NULL,
  "workflow_id" text NOT NULL,
  "agent_id" text NOT NULL,
  "halted_at" timestamptz NOT NULL,
  "released_at" timestamptz,
  "released_by" text,
  "release_reason" text,
  CONSTRAINT "workflow_halts_pkey" PRIMARY KEY ("decision_id")
);
CREATE INDEX "workflow_halts_workflow_id_idx" ON "workflow_halts" ("workflow_id");

-- ───────────────────────────────────────────── check
CREATE TABLE "idempotency" (
  "agent_id" text NOT NULL,
  "key_hash" bytea NOT NULL,
  "body_hash" bytea NOT NULL,
  "seq" bigint NOT NULL,
  "at" timestamptz NOT NULL,
  "epoch" bigint NOT NULL,
  "answer" bytea NOT NULL,
  CONSTRAINT "idempotency_pkey" PRIMARY KEY ("agent_id", "key_hash")
);
CREATE INDEX "idempotency_at_idx" ON "idempotency" ("at");

-- Accumulated totals in buckets of database time; a window is 60 buckets, rounded up. Written by the commit only.
CREATE TABLE "counters" (
  "counter" bytea NOT NULL,
  "bucket" bigint NOT NULL,
  "total" numeric NOT NULL,
  CONSTRAINT "counters_pkey" PRIMARY KEY ("counter", "bucket")
);

-- ───────────────────────────────────────────── ledger
-- Every event that matters, in one gapless order. Key only: the explorer's indexes live on ledger_entries.
CREATE TABLE "ledger" (
  "seq" bigint NOT NULL,
  "at" timestamptz NOT NULL,
  "bytes" bytea NOT NULL,
  "hash" bytea NOT NULL,
  CONSTRAINT "ledger_pkey" PRIMARY KEY ("seq", "at")
) PARTITION BY RANGE ("at");
ALTER TABLE "ledger" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;

-- The head is the last row of this insert-only table (an updated head row bloats under one open snapshot).
CREATE TABLE "ledger_batches" (
  "last_seq" bigint NOT NULL,
  "first_seq" bigint NOT NULL,
  "at" timestamptz NOT NULL,
  "last_hash" bytea NOT NULL,
  "epoch" bigint NOT NULL,
  "writer" text NOT NULL,
  CONSTRAINT "ledger_batches_pkey" PRIMARY KEY ("last_seq")
);

-- The closed list of event kinds; moves_epoch: a decision made without seeing such an event is never ordered after it.
CREATE TABLE "ledger_kinds" (
  "kind" text NOT NULL,
  "moves_epoch" boolean NOT NULL,
  CONSTRAINT "ledger_kinds_pkey" PRIMARY KEY ("kind")
);

-- What moved the epoch, so that a gateway reloads only what changed.
CREATE TABLE "ledger_epochs" (
  "seq" bigint NOT NULL,
  "kind" text NOT NULL,
  "subject" text NOT NULL,
  "xid" xid8 NOT NULL DEFAULT pg_current_xact_id(),
  CONSTRAINT "ledger_epochs_pkey" PRIMARY KEY ("seq")
);

-- People and jobs insert here with their change; a deferred trigger chains the row at COMMIT and removes it.
CREATE TABLE "ledger_intake" (
  "id" bigint GENERATED ALWAYS AS IDENTITY,
  "kind" text NOT NULL,
  "subject" text NOT NULL,
  "payload" bytea NOT NULL,
  "salted" bytea,
  "sealed" bytea,
  "xid" xid8 NOT NULL DEFAULT pg_current_xact_id(),
  CONSTRAINT "ledger_intake_pkey" PRIMARY KEY ("id")
);

-- Side rows: what may be erased. salted = salt (16 bytes) ‖ SHA-256 digest of the canonical action; the ledger row holds SHA-256 of it.
CREATE TABLE "ledger_arguments" (
  "seq" bigint NOT NULL,
  "salted" bytea NOT NULL,
  "sealed" bytea NOT NULL,
  CONSTRAINT "ledger_arguments_pkey" PRIMARY KEY ("seq")
);

-- Signed tree heads with the compact range needed to go on from them; the copy that counts is the one outside.
CREATE TABLE "ledger_checkpoints" (
  "size" bigint NOT NULL,
  "root" bytea NOT NULL,
  "range" bytea[] NOT NULL,
  "note" text NOT NULL,
  "signed_at" timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT "ledger_checkpoints_pkey" PRIMARY KEY ("size")
);

-- The explorer's projection: follows the ledger by cursor and can be dropped and rebuilt from it.
CREATE TABLE "ledger_entries" (
  "seq" bigint NOT NULL,
  "at" timestamptz NOT NULL,
  "kind" text NOT NULL,
  "event_id" text NOT NULL,
  "agent_id" text,
  "workflow_id" text,
  "action_type" text,
  "verdict" text,
  "tier" integer,
  "approval_id" text,
  "actor_id" text,
  CONSTRAINT "ledger_entries_pkey" PRIMARY KEY ("seq")
);
CREATE INDEX "ledger_entries_event_id_idx" ON "ledger_entries" ("event_id");
CREATE INDEX "ledger_entries_agent_id_seq_idx" ON "ledger_entries" ("agent_id", "seq");
CREATE INDEX "ledger_entries_verdict_seq_idx" ON "ledger_entries" ("verdict", "seq");
CREATE INDEX "ledger_entries_workflow_id_seq_idx" ON "ledger_entries" ("workflow_id", "seq");
CREATE INDEX "ledger_entries_approval_id_idx" ON "ledger_entries" ("approval_id");

-- Where each follower of the ledger stands.
CREATE TABLE "ledger_cursors" (
  "name" text NOT NULL,
  "seq" bigint NOT NULL,
  "moved_at" timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT "ledger_cursors_pkey" PRIMARY KEY ("name")
);

INSERT INTO "ledger_kinds" ("kind", "moves_epoch") VALUES
  ('decision.made', false), ('grant.issued', false), ('access.refused', false),
  ('approval.approved', false), ('approval.rejected', false), ('approval.expired', false),
  ('workflow.released', true),
  ('kill.set', true), ('kill.lifted', true),
  ('agent.registered', true), ('agent.changed', true), ('agent.activated', true), ('agent.suspended', true), ('agent.resumed', true),
  ('credential.issued', true), ('credential.revoked', true),
  ('key.rotated', true),
  ('process.created', true), ('system.created', true),
  ('action_type.classified', true), ('action_type.disabled', true),
  ('policy.published', true), ('policy.retired', true), ('rates.published', true),
  ('user.created', false), ('user.deactivated', true), ('user.signed_in', false), ('user.sign_in_failed', false), ('user.signed_out', false);

-- ───────────────────────────────────────────── ledger: months
-- Statement triggers do not reach partitions by inheritance, so every partition gets its own.
CREATE FUNCTION "ledger_refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a ledger row is never changed or removed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER "ledger_refuse_change" BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger"
  FOR EACH STATEMENT EXECUTE FUNCTION "ledger_refuse_change"();
CREATE TRIGGER "ledger_epochs_refuse_change" BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger_epochs"
  FOR EACH STATEMENT EXECUTE FUNCTION "ledger_refuse_change"();

-- Makes this month and the next `ahead` months, and says how many whole months after this one exist. Attaching, unlike CREATE … PARTITION OF,
-- takes no lock that the commit would wait for.
CREATE FUNCTION "ledger_ensure_partitions"("ahead" integer DEFAULT 3) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_month timestamptz;
  v_name text;
BEGIN
  PERFORM pg_advisory_xact_lock(4850196113911168834);
  FOR i IN 0..ahead LOOP
    v_month := (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => i)) AT TIME ZONE 'UTC';
    v_name := 'ledger_' || to_char(v_month AT TIME ZONE 'UTC', 'YYYY_MM');
    CONTINUE WHEN EXISTS (SELECT 1 FROM pg_inherits WHERE inhparent = 'public.ledger'::regclass AND inhrelid = to_regclass('public.' || v_name));
    EXECUTE format('CREATE TABLE public.%I (LIKE public.ledger INCLUDING DEFAULTS INCLUDING STORAGE INCLUDING CONSTRAINTS)', v_name);
    EXECUTE format('ALTER TABLE public.%I ADD CONSTRAINT %I PRIMARY KEY (seq, at)', v_name, v_name || '_pkey');
    EXECUTE format('CREATE TRIGGER ledger_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON public.%I FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_refuse_change()', v_name);
    EXECUTE format('ALTER TABLE public.ledger ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)', v_name, v_month, ((v_month AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC');
  END LOOP;
  RETURN "ledger_months_ahead"();
END $$;

-- Whole months after the current one that have a partition, or -1 when the current month itself has none.
CREATE FUNCTION "ledger_months_ahead"() RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*)::integer - 1 FROM generate_series(0, 24) i
  WHERE EXISTS (SELECT 1 FROM pg_inherits WHERE inhparent = 'public.ledger'::regclass
    AND inhrelid = to_regclass('public.ledger_' || to_char(date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => i), 'YYYY_MM')));
$$;
SELECT "ledger_ensure_partitions"(3);

-- ───────────────────────────────────────────── ledger: bytes
-- seq (8 bytes) ‖ time (microseconds since 1970, 8 bytes) ‖ previous hash (32 bytes) ‖ payload (JSON in UTF-8). Big-endian.
CREATE FUNCTION "ledger_bytes"("p_seq" bigint, "p_at_us" bigint, "p_previous" bytea, "p_payload" bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT int8send(p_seq) || int8send(p_at_us) || p_previous || p_payload $$;

-- ───────────────────────────────────────────── ledger: people and jobs
-- Runs at COMMIT (deferred), so that the order lock is held for the chaining alone, however long the transaction took.
CREATE FUNCTION "ledger_chain_intake"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_last bigint; v_hash bytea; v_epoch bigint; v_head_at timestamptz;
  v_at timestamptz; v_bytes bytea; v_moves boolean;
BEGIN
  -- Under a snapshot taken before the lock the head would be stale.
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'events are appended in READ COMMITTED transactions only' USING ERRCODE = 'invalid_transaction_state';
  END IF;
  SELECT moves_epoch INTO v_moves FROM ledger_kinds WHERE kind = NEW.kind;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'unknown event kind %', NEW.kind USING ERRCODE = 'check_violation';
  END IF;
  PERFORM pg_advisory_xact_lock(4850196113911168833);
  -- A statement of its own: it sees what committed while this one waited for the lock.
  SELECT b.last_seq, b.last_hash, b.epoch, b.at INTO v_last, v_hash, v_epoch, v_head_at FROM ledger_batches b ORDER BY b.last_seq DESC LIMIT 1;
  IF NOT FOUND THEN
    v_last := 0; v_hash := decode(repeat('00', 32), 'hex'); v_epoch := 0; v_head_at := '-infinity';
  END IF;
  v_at := greatest(clock_timestamp(), v_head_at);
  v_last := v_last + 1;
  v_bytes := ledger_bytes(v_last, (extract(epoch FROM v_at) * 1000000)::bigint, v_hash, NEW.payload);
  v_hash := sha256('\x00'::bytea || v_bytes);
  INSERT INTO ledger (seq, at, bytes, hash) VALUES (v_last, v_at, v_bytes, v_hash);
  IF NEW.sealed IS NOT NULL THEN
    INSERT INTO ledger_arguments (seq, salted, sealed) VALUES (v_last, NEW.salted, NEW.sealed);
  END IF;
  IF v_moves THEN
    v_epoch := v_last;
    INSERT INTO ledger_epochs (seq, kind, subject, xid) VALUES (v_last, NEW.kind, NEW.subject, NEW.xid);
  END IF;
  INSERT INTO ledger_batches (last_seq, first_seq, at, last_hash, epoch, writer) VALUES (v_last, v_last, v_at, v_hash, v_epoch, 'intake');
  DELETE FROM ledger_intake WHERE id = NEW.id;
  PERFORM pg_notify('ledger_event', NEW.kind || ' ' || NEW.subject);
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER "ledger_chain_intake" AFTER INSERT ON "ledger_intake"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "ledger_chain_intake"();

-- A rule that changes without its event would leave gateways deciding by the old one; such a transaction cannot commit.
CREATE FUNCTION "require_epoch_event"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM ledger_epochs WHERE xid = pg_current_xact_id())
     AND NOT EXISTS (SELECT 1 FROM ledger_intake i JOIN ledger_kinds k ON k.kind = i.kind AND k.moves_epoch WHERE i.xid = pg_current_xact_id()) THEN
    RAISE EXCEPTION '% changed without an event that moves the epoch', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE INDEX "ledger_epochs_xid_idx" ON "ledger_epochs" ("xid");
DO $$
DECLARE v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['agents', 'agent_permissions', 'action_types', 'processes', 'credentials', 'signing_keys', 'exchange_rates', 'kill_switches'] LOOP
    EXECUTE format('CREATE CONSTRAINT TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON %I DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_epoch_event()',
      v_table || '_require_epoch_event', v_table);
  END LOOP;
END $$;
-- Drafting a policy changes no decision.
CREATE CONSTRAINT TRIGGER "policies_require_epoch_event" AFTER INSERT OR UPDATE ON "policies"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'active' OR NEW.status = 'retired') EXECUTE FUNCTION "require_epoch_event"();
CREATE CONSTRAINT TRIGGER "workflow_halts_require_epoch_event" AFTER UPDATE ON "workflow_halts"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "require_epoch_event"();

-- ───────────────────────────────────────────── ledger: the gateways' commit
-- Commits one batch of items in one order, or nothing when the epoch moved.
--
-- An item is 13 slots in p_blob, each named in p_slots by (offset from 1, length; length -1: absent), preceded by its flags: 27 integers.
-- Nothing of an agent's text is parsed here, so no item can break another.
--   flags  1: refuse when the workflow is halted · 2: halts its workflow
--   slots  1 payload · 2 event id · 3 agent · 4 workflow · 5 salt‖digest (48 bytes) · 6 sealed arguments
--          7 SHA-256 of idempotency key ‖ SHA-256 of body · 8 answer for replays
--          9 approval to ask for (JSON) · 10 approval to use (its id) · 11 charges (JSON) · 12 grant task · 13 spare
-- Outcomes  0 written · 1 over its limit (detail: counter, total) · 2 key taken · 3 approval busy · 4 approval unusable (detail: why)
--           5 workflow halted · 6 duplicate (detail: the workflow of the task; or id, status and deadline in microseconds of the open approval)
CREATE FUNCTION "ledger_commit"("p_epoch" bigint, "p_writer" text, "p_slots" integer[], "p_blob" bytea,
  OUT "epoch" bigint, OUT "first_seq" bigint, OUT "at_us" bigint, OUT "outcomes" smallint[], OUT "details" text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
-- Plans are kept for the life of a connection, and these tables grow from nothing: a plan that scanned an empty table would scan a full one (6 ms a commit).
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  k CONSTANT integer := 27;
  n CONSTANT integer := coalesce(array_length(p_slots, 1), 0) / k;
  v_last bigint; v_hash bytea; v_at timestamptz; v_head_at timestamptz;
  v_agents text[]; v_workflows text[]; v_halted text[]; v_keys_taken integer[];
  v_agent text; v_workflow text; v_event text; v_flags integer;
  v_outcome smallint; v_detail text; v_bytes bytea; b integer;
  v_seqs bigint[] := '{}'; v_items integer[] := '{}'; v_rows bytea[] := '{}'; v_hashes bytea[] := '{}';
  v_any_key boolean := false; v_any_halt_check boolean := false;
  v_ask jsonb; v_charges jsonb; v_charge record; v_total numeric; v_bucket bigint; v_width numeric; v_id text;
  v_approval approvals%ROWTYPE;
BEGIN
  PERFORM pg_advisory_xact_lock(4850196113911168833);
  -- A statement of its own: in the statement that waits, 395 of 400 decisions missed a kill; here 0 of 400.
  SELECT h.last_seq, h.last_hash, h.epoch, h.at INTO v_last, v_hash, epoch, v_head_at FROM ledger_batches h ORDER BY h.last_seq DESC LIMIT 1;
  IF NOT FOUND THEN
    v_last := 0; v_hash := decode(repeat('00', 32), 'hex'); epoch := 0; v_head_at := '-infinity';
  END IF;
  IF epoch <> p_epoch OR n = 0 THEN RETURN; END IF;

  v_at := greatest(clock_timestamp(), v_head_at);
  at_us := (extract(epoch FROM v_at) * 1000000)::bigint;
  first_seq := v_last + 1;
  outcomes := array_fill(0::smallint, ARRAY[n]);
  details := array_fill(NULL::text, ARRAY[n]);

  FOR i IN 0..n - 1 LOOP
    b := i * k + 1;
    v_agents[i + 1] := convert_from(substring(p_blob, p_slots[b + 5], p_slots[b + 6]), 'UTF8');
    IF p_slots[b + 8] > 0 THEN v_workflows[i + 1] := convert_from(substring(p_blob, p_slots[b + 7], p_slots[b + 8]), 'UTF8'); ELSE v_workflows[i + 1] := ''; END IF;
    IF p_slots[b + 14] >= 0 THEN v_any_key := true; END IF;
    IF p_slots[b] & 1 = 1 THEN v_any_halt_check := true; END IF;
  END LOOP;
  IF v_any_key THEN
    SELECT array_agg(t.i) INTO v_keys_taken FROM generate_series(1, n) AS t(i)
      JOIN idempotency d ON d.agent_id = v_agents[t.i] AND d.key_hash = substring(p_blob, p_slots[(t.i - 1) * k + 14], 32)
      WHERE p_slots[(t.i - 1) * k + 15] >= 0;
  END IF;
  IF v_any_halt_check THEN
    SELECT array_agg(h.workflow_id) INTO v_halted FROM workflow_halts h WHERE h.workflow_id = ANY (v_workflows) AND h.released_at IS NULL;
  END IF;

  FOR i IN 1..n LOOP
    b := (i - 1) * k + 1;
    v_flags := p_slots[b]; v_agent := v_agents[i]; v_workflow := v_workflows[i];
    v_outcome := 0; v_detail := NULL; v_event := NULL;

    IF v_keys_taken IS NOT NULL AND i = ANY (v_keys_taken) THEN
      v_outcome := 2;
    ELSIF v_flags & 1 = 1 AND v_halted IS NOT NULL AND v_workflow = ANY (v_halted) THEN
      v_outcome := 5;
    END IF;

    -- A task keeps the workflow it was first given.
    IF v_outcome = 0 AND p_slots[b + 24] >= 0 THEN
      SELECT g.workflow_id INTO v_detail FROM grants g WHERE g.agent_id = v_agent AND g.task = convert_from(substring(p_blob, p_slots[b + 23], p_slots[b + 24]), 'UTF8');
      IF FOUND THEN v_outcome := 6; END IF;
    END IF;

    -- Using an approval: never waits for a person's open transaction on the row.
    IF v_outcome = 0 AND p_slots[b + 20] >= 0 THEN
      v_id := convert_from(substring(p_blob, p_slots[b + 19], p_slots[b + 20]), 'UTF8');
      SELECT a.* INTO v_approval FROM approvals a WHERE a.id = v_id AND a.agent_id = v_agent FOR UPDATE SKIP LOCKED;
      IF NOT FOUND THEN
        IF EXISTS (SELECT 1 FROM approvals a WHERE a.id = v_id AND a.agent_id = v_agent) THEN v_outcome := 3; ELSE v_outcome := 4; v_detail := 'missing'; END IF;
      ELSIF v_approval.digest <> substring(p_blob, p_slots[b + 9] + 16, 32) THEN v_outcome := 4; v_detail := 'mismatch';
      ELSIF v_approval.status <> 'approved' THEN v_outcome := 4; v_detail := v_approval.status;
      ELSIF v_approval.expires_at <= v_at THEN v_outcome := 4; v_detail := 'expired';
      END IF;
    END IF;

    -- Asking for an approval: the same action asked again joins the request that is open.
    IF v_outcome = 0 AND p_slots[b + 18] >= 0 THEN
      SELECT a.id || ' ' || a.status || ' ' || (extract(epoch FROM a.expires_at) * 1000000)::bigint INTO v_detail FROM approvals a
        WHERE a.agent_id = v_agent AND a.digest = substring(p_blob, p_slots[b + 9] + 16, 32) AND a.status IN ('pending', 'approved') AND a.expires_at > v_at
        ORDER BY a.requested_at LIMIT 1;
      IF FOUND THEN v_outcome := 6; END IF;
    END IF;

    IF v_outcome = 0 AND p_slots[b + 22] >= 0 THEN
      v_charges := convert_from(substring(p_blob, p_slots[b + 21], p_slots[b + 22]), 'UTF8')::jsonb;
      FOR v_charge IN SELECT decode(c.counter, 'hex') AS counter, c.amount, c.ceiling, c.window_seconds
          FROM jsonb_to_recordset(v_charges) AS c(counter text, amount numeric, ceiling numeric, window_seconds numeric) LOOP
        v_width := v_charge.window_seconds / 60;
        v_bucket := floor(at_us / 1000000.0 / v_width);
        -- One bucket more than the window has: rounded up, so never less than the window.
        SELECT coalesce(sum(c.total), 0) INTO v_total FROM counters c WHERE c.counter = v_charge.counter AND c.bucket >= v_bucket - 60;
        IF v_total + v_charge.amount > v_charge.ceiling THEN
          v_outcome := 1; v_detail := encode(v_charge.counter, 'hex') || ' ' || v_total::text; EXIT;
        END IF;
      END LOOP;
      -- Nothing after this refuses, so a charge is never left behind by an item that failed.
      IF v_outcome = 0 THEN
        INSERT INTO counters (counter, bucket, total)
          SELECT decode(c.counter, 'hex'), floor(at_us / 1000000.0 / (c.window_seconds / 60)), sum(c.amount)
          FROM jsonb_to_recordset(v_charges) AS c(counter text, amount numeric, ceiling numeric, window_seconds numeric) GROUP BY 1, 2
          ON CONFLICT ON CONSTRAINT counters_pkey DO UPDATE SET total = counters.total + excluded.total;
      END IF;
    END IF;

    -- Every refusal is behind us: from here on the item only writes.
    IF v_outcome = 0 THEN
      IF p_slots[b + 24] >= 0 THEN
        INSERT INTO grants (id, agent_id, task, workflow_id, issued_at)
        VALUES (convert_from(substring(p_blob, p_slots[b + 3], p_slots[b + 4]), 'UTF8'), v_agent, convert_from(substring(p_blob, p_slots[b + 23], p_slots[b + 24]), 'UTF8'), v_workflow, v_at);
      END IF;
      IF p_slots[b + 18] >= 0 THEN
        v_ask := convert_from(substring(p_blob, p_slots[b + 17], p_slots[b + 18]), 'UTF8')::jsonb;
        INSERT INTO approvals (id, decision_id, decision_seq, agent_id, process_id, workflow_id, action_type, asker, digest, tier, deciding, requested_at, expires_at)
        VALUES (v_ask->>'id', convert_from(substring(p_blob, p_slots[b + 3], p_slots[b + 4]), 'UTF8'), v_last + 1, v_agent, v_ask->>'process', v_workflow, v_ask->>'action',
          v_ask->>'asker', substring(p_blob, p_slots[b + 9] + 16, 32), (v_ask->>'tier')::integer, ARRAY(SELECT jsonb_array_elements_text(v_ask->'deciding')),
          v_at, v_at + make_interval(secs => (v_ask->>'slaSeconds')::double precision));
      END IF;
      IF p_slots[b + 20] >= 0 THEN
        UPDATE approvals SET status = 'used', used_at = v_at, used_by = convert_from(substring(p_blob, p_slots[b + 3], p_slots[b + 4]), 'UTF8') WHERE id = v_id;
      END IF;
      IF v_flags & 2 = 2 THEN
        INSERT INTO workflow_halts (decision_id, workflow_id, agent_id, halted_at)
        VALUES (convert_from(substring(p_blob, p_slots[b + 3], p_slots[b + 4]), 'UTF8'), v_workflow, v_agent, v_at);
        v_halted := array_append(v_halted, v_workflow);
      END IF;
      v_last := v_last + 1;
      v_bytes := int8send(v_last) || int8send(at_us) || v_hash || substring(p_blob, p_slots[b + 1], p_slots[b + 2]);
      v_hash := sha256('\x00'::bytea || v_bytes);
      v_seqs := array_append(v_seqs, v_last);
      v_items := array_append(v_items, b);
      v_rows := array_append(v_rows, v_bytes);
      v_hashes := array_append(v_hashes, v_hash);
    ELSE
      outcomes[i] := v_outcome; details[i] := v_detail;
    END IF;
  END LOOP;

  IF v_last >= first_seq THEN
    INSERT INTO ledger (seq, at, bytes, hash) SELECT w.seq, v_at, w.bytes, w.hash FROM unnest(v_seqs, v_rows, v_hashes) AS w(seq, bytes, hash);
    INSERT INTO ledger_arguments (seq, salted, sealed)
      SELECT w.seq, substring(p_blob, p_slots[w.b + 9], p_slots[w.b + 10]), substring(p_blob, p_slots[w.b + 11], p_slots[w.b + 12])
      FROM unnest(v_seqs, v_items) AS w(seq, b) WHERE p_slots[w.b + 10] >= 0;
    IF v_any_key THEN
      INSERT INTO idempotency (agent_id, key_hash, body_hash, seq, at, epoch, answer)
        SELECT convert_from(substring(p_blob, p_slots[w.b + 5], p_slots[w.b + 6]), 'UTF8'), substring(p_blob, p_slots[w.b + 13], 32), substring(p_blob, p_slots[w.b + 13] + 32, 32),
          w.seq, v_at, p_epoch, substring(p_blob, p_slots[w.b + 15], p_slots[w.b + 16])
        FROM unnest(v_seqs, v_items) AS w(seq, b) WHERE p_slots[w.b + 14] >= 0;
    END IF;
    INSERT INTO ledger_batches (last_seq, first_seq, at, last_hash, epoch, writer) VALUES (v_last, ledger_commit.first_seq, v_at, v_hash, p_epoch, p_writer);
  END IF;
END $$;

-- ───────────────────────────────────────────── the three roles' rights
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO countersign_web, countersign_gateway;

-- The gateway reads, and executes the commit function; no more.
GRANT SELECT ON "users", "processes", "systems", "action_types", "agents", "agent_permissions", "credentials", "signing_keys", "grants", "policies", "exchange_rates",
  "approvals", "kill_switches", "workflow_halts", "idempotency", "counters", "ledger", "ledger_batches", "ledger_kinds", "ledger_epochs", "ledger_checkpoints" TO countersign_gateway;
REVOKE SELECT ON "users" FROM countersign_gateway;
GRANT SELECT ("id", "person_id", "email", "status") ON "users" TO countersign_gateway;
GRANT EXECUTE ON FUNCTION "ledger_commit", "ledger_months_ahead" TO countersign_gateway;

-- Web and jobs change state, and reach the ledger only through the intake.
GRANT SELECT ON ALL TABLES IN SCHEMA public TO countersign_web;
GRANT INSERT, UPDATE ON "users", "sessions", "sign_in_attempts", "processes", "systems", "action_types", "agents", "credentials", "signing_keys", "policies", "exchange_rates",
  "kill_switches" TO countersign_web;
GRANT DELETE ON "sign_in_attempts", "agent_permissions" TO countersign_web;
GRANT INSERT ON "agent_permissions", "ledger_intake", "ledger_checkpoints", "ledger_entries", "ledger_cursors" TO countersign_web;
GRANT UPDATE ("status", "decided_at", "decided_by", "reason_code", "reason") ON "approvals" TO countersign_web;
GRANT UPDATE ("released_at", "released_by", "release_reason") ON "workflow_halts" TO countersign_web;
GRANT UPDATE, DELETE ON "ledger_cursors", "ledger_entries" TO countersign_web;
GRANT DELETE ON "ledger_arguments", "idempotency", "counters" TO countersign_web;
GRANT EXECUTE ON FUNCTION "ledger_ensure_partitions", "ledger_months_ahead" TO countersign_web;
