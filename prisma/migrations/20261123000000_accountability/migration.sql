-- The accountability loop: jobs that tell how they ran, findings, succession, change requests, reviews, snapshots of maturity, the organisation.
-- What Prisma cannot say is here: checks, partial unique indexes, triggers, functions, the roles' rights.

-- ───────────────────────────────────────────── organisation
-- One row: whose installation this is. A sample is labelled on every page until it is left.
CREATE TABLE "organisation" (
  "id" integer NOT NULL DEFAULT 1,
  "name" text NOT NULL DEFAULT '',
  "sample" boolean NOT NULL DEFAULT false,
  -- Asked for by a person; the start command answers it.
  "leave_asked_at" timestamptz,
  "leave_asked_by" text,
  -- SHA-256 of the token with which the first administrator is made, while there are no people; null once somebody was.
  "first_admin_hash" bytea,
  -- Named leaders who are given the metrics on a schedule, and findings' graces: numbers with names (lib/findings/schema.ts, Settings).
  "settings" jsonb NOT NULL DEFAULT '{}',
  "changed_at" timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT "organisation_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "organisation_is_one" CHECK ("id" = 1)
);
INSERT INTO "organisation" ("id") VALUES (1);

-- ───────────────────────────────────────────── people
-- Who inherits what nobody else was named for.
ALTER TABLE "users" ADD COLUMN "manager_id" text,
  ADD CONSTRAINT "users_manager_id_fkey" FOREIGN KEY ("manager_id") REFERENCES "users" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  ADD CONSTRAINT "users_manager_is_another" CHECK ("manager_id" IS NULL OR "manager_id" <> "id");

-- ───────────────────────────────────────────── jobs
-- Every run of every job, as its process told it; swept after a while. A run without an end is one whose process died, or that goes on; one
-- without a worker was asked for and waits.
CREATE TABLE "job_runs" (
  "id" bigint GENERATED ALWAYS AS IDENTITY,
  "job" text NOT NULL,
  "worker" text NOT NULL,
  "started_at" timestamptz NOT NULL DEFAULT clock_timestamp(),
  "ended_at" timestamptz,
  -- What it changed; null while it runs or when it failed.
  "changed" integer,
  "error" text,
  "asked_by" text,
  CONSTRAINT "job_runs_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "job_runs_job_id_idx" ON "job_runs" ("job", "id");
-- One ask of a job waits at a time.
CREATE UNIQUE INDEX "job_runs_one_asked" ON "job_runs" ("job") WHERE "worker" = '';
CREATE INDEX "job_runs_started_at_idx" ON "job_runs" ("started_at");
-- What failed, newest first.
CREATE INDEX "job_runs_failed_idx" ON "job_runs" ("id") WHERE "error" IS NOT NULL;

-- ───────────────────────────────────────────── approvals: deadlines
-- How far the escalation of a request has come: 0 nothing yet · 1 reminded · 2 backups called · 3 the accountable owner called.
ALTER TABLE "approvals" ADD COLUMN "step" smallint NOT NULL DEFAULT 0,
  ADD CONSTRAINT "approvals_step_known" CHECK ("step" BETWEEN 0 AND 3);
-- Who was called at which step; a backup may decide from then on. Insert-only.
CREATE TABLE "approval_calls" (
  "approval_id" text NOT NULL,
  "step" smallint NOT NULL,
  "user_id" text NOT NULL,
  "called_at" timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT "approval_calls_pkey" PRIMARY KEY ("approval_id", "step", "user_id"),
  CONSTRAINT "approval_calls_step_known" CHECK ("step" BETWEEN 1 AND 3)
);

-- ───────────────────────────────────────────── observations
-- What the gateways noticed beside decisions: by which workload a credential is used, which model an agent says it is, which clients nobody
-- registered, which tools were called without a receipt. Not the ledger: counts for detectors, written in batches by observe().
CREATE TABLE "observations" (
  "kind" text NOT NULL,
  "subject" text NOT NULL,
  "value" text NOT NULL,
  "first_at" timestamptz NOT NULL DEFAULT clock_timestamp(),
  "last_at" timestamptz NOT NULL DEFAULT clock_timestamp(),
  "count" bigint NOT NULL DEFAULT 1,
  CONSTRAINT "observations_pkey" PRIMARY KEY ("kind", "subject", "value"),
  CONSTRAINT "observations_kind_known" CHECK ("kind" IN ('credential.workload', 'agent.model', 'client.unknown', 'tool.unreceipted'))
);
CREATE INDEX "observations_kind_last_at_idx" ON "observations" ("kind", "last_at");
-- The gateway's only way to write here. Whoever makes up names fills at most 10,000 rows of a kind, and at most 100 of one subject; what is there
-- already goes on being counted. What a client is called is up to whoever asks, so there the value is the network it asked from: each network keeps 50
-- names that came once and 50 that came again, the newest, and past 10,000 as many as any other network. Answers how many pairs were counted, less
-- those that had to go.
CREATE FUNCTION "observe"("p_kinds" text[], "p_subjects" text[], "p_values" text[], "p_counts" bigint[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v_known integer; v_new integer; v_gone integer := 0;
BEGIN
  -- One gateway at a time; the room is counted in a later statement, which sees what the one before wrote.
  PERFORM pg_advisory_xact_lock(4850196113911168836);
  UPDATE observations o SET last_at = clock_timestamp(), count = o.count + g.count
    FROM (SELECT kind, left(subject, 200) AS subject, left(value, 300) AS value, sum(count)::bigint AS count
      FROM unnest(p_kinds, p_subjects, p_values, p_counts) AS u(kind, subject, value, count) GROUP BY 1, 2, 3) g
    WHERE o.kind = g.kind AND o.subject = g.subject AND o.value = g.value;
  GET DIAGNOSTICS v_known = ROW_COUNT;
  INSERT INTO observations (kind, subject, value, count)
    SELECT f.kind, f.subject, f.value, f.count
    FROM (SELECT g.*, row_number() OVER (PARTITION BY g.kind ORDER BY g.subject, g.value) AS of_kind,
        row_number() OVER (PARTITION BY g.kind, g.subject ORDER BY g.value) AS of_subject
      FROM (SELECT kind, left(subject, 200) AS subject, left(value, 300) AS value, sum(count)::bigint AS count
        FROM unnest(p_kinds, p_subjects, p_values, p_counts) AS u(kind, subject, value, count) GROUP BY 1, 2, 3) g
      WHERE NOT EXISTS (SELECT 1 FROM observations o WHERE o.kind = g.kind AND o.subject = g.subject AND o.value = g.value)) f
      LEFT JOIN (SELECT kind, count(*) AS held FROM observations GROUP BY kind) k ON k.kind = f.kind
      CROSS JOIN LATERAL (SELECT count(*) AS held FROM observations o WHERE o.kind = f.kind AND o.subject = f.subject) s
    WHERE (f.kind = 'client.unknown' OR f.of_kind + coalesce(k.held, 0) <= 10000) AND f.of_subject + s.held <= 100;
  GET DIAGNOSTICS v_new = ROW_COUNT;
  IF 'client.unknown' = ANY (p_kinds) THEN
    -- Whoever writes here, or deletes, holds the lock above: what stands where stays there.
    DELETE FROM observations WHERE ctid = ANY (ARRAY(
      SELECT at FROM (SELECT at, place, row_number() OVER (ORDER BY place, again DESC, last_at DESC, subject, value) AS n
        FROM (SELECT ctid AS at, subject, value, last_at, count > 1 AS again,
            row_number() OVER (PARTITION BY value, count > 1 ORDER BY last_at DESC, subject) AS place
          FROM observations WHERE kind = 'client.unknown') p) r
      WHERE r.place > 50 OR r.n > 10000));
    GET DIAGNOSTICS v_gone = ROW_COUNT;
  END IF;
  RETURN greatest(v_known + v_new - v_gone, 0);
END $$;
REVOKE ALL ON FUNCTION "observe" FROM PUBLIC;

-- A key with which a system's tools report calls that came without a receipt (POST /api/sightings); opens nothing else. Kept as SHA-256.
CREATE TABLE "tool_keys" (
  "id" text NOT NULL,
  "system_id" text NOT NULL,
  "secret_hash" bytea NOT NULL,
  "label" text NOT NULL DEFAULT '',
  "created_by" text NOT NULL,
  "created_at" timestamptz NOT NULL DEFAULT now(),
  "revoked_at" timestamptz,
  CONSTRAINT "tool_keys_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "tool_keys_system_id_fkey" FOREIGN KEY ("system_id") REFERENCES "systems" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "tool_keys_system_id_idx" ON "tool_keys" ("system_id");

-- ───────────────────────────────────────────── findings
-- What a detector found and a person must close. One row for one cause, however often it returns: `key` says what is the same cause.
CREATE TABLE "findings" (
  "id" text NOT NULL,
  "detector" text NOT NULL,
  "key" text NOT NULL,
  "subject_type" text NOT NULL,
  "subject_id" text NOT NULL,
  -- The process it belongs to, for those who see their own only; null: the organisation's.
  "process_id" text,
  "severity" text NOT NULL,
  -- Ids, codes and numbers that the sentence is made of.
  "facts" jsonb NOT NULL DEFAULT '{}',
  "status" text NOT NULL DEFAULT 'open',
  "opened_at" timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- The cause was there when the detector last looked.
  "seen_at" timestamptz NOT NULL DEFAULT clock_timestamp(),
  "times_opened" integer NOT NULL DEFAULT 1,
  "assigned_to" text,
  "assigned_by" text,
  "snoozed_until" timestamptz,
  "snoozed_by" text,
  "snooze_reason" text,
  "closed_at" timestamptz,
  -- Until when this may stand before something happens by itself.
  "grace_until" timestamptz,
  CONSTRAINT "findings_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "findings_severity_known" CHECK ("severity" IN ('low', 'medium', 'high', 'critical')),
  CONSTRAINT "findings_status_known" CHECK ("status" IN ('open', 'snoozed', 'closed')),
  CONSTRAINT "findings_snoozed_whole" CHECK (("status" = 'snoozed') = ("snoozed_until" IS NOT NULL)),
  CONSTRAINT "findings_closed_whole" CHECK (("status" = 'closed') = ("closed_at" IS NOT NULL))
);
CREATE UNIQUE INDEX "findings_detector_key_key" ON "findings" ("detector", "key");
CREATE INDEX "findings_status_opened_at_idx" ON "findings" ("status", "opened_at");
CREATE INDEX "findings_subject_idx" ON "findings" ("subject_type", "subject_id");
CREATE INDEX "findings_assigned_to_idx" ON "findings" ("assigned_to") WHERE "status" <> 'closed';
-- What happened to a finding, in the explorer's table.
ALTER TABLE "ledger_entries" ADD COLUMN "finding_id" text;
CREATE INDEX "ledger_entries_finding_id_seq_idx" ON "ledger_entries" ("finding_id", "seq") WHERE "finding_id" IS NOT NULL;
-- When an agent last asked for an action: one step for each permission.
CREATE INDEX "ledger_entries_used_idx" ON "ledger_entries" ("agent_id", "action_type", "seq") WHERE "kind" = 'decision.made';
-- Why workflows of an agent were halted of late: one step for each agent.
CREATE INDEX "workflow_halts_agent_id_halted_at_idx" ON "workflow_halts" ("agent_id", "halted_at");
-- How each detector last ran: one that fails is seen.
CREATE TABLE "detector_runs" (
  "detector" text NOT NULL,
  "ran_at" timestamptz NOT NULL,
  "ok_at" timestamptz,
  "found" integer NOT NULL DEFAULT 0,
  "error" text,
  CONSTRAINT "detector_runs_pkey" PRIMARY KEY ("detector")
);

-- ───────────────────────────────────────────── lifecycle: succession
-- Each thing that changed hands, or found none, because its holder left: what was, what became of it, and until when an orphan may stand.
CREATE TABLE "successions" (
  "id" text NOT NULL,
  "subject_type" text NOT NULL,
  "subject_id" text NOT NULL,
  -- owner · sponsor · technical_owner of an agent; owner of a process; accountable of a RACI cell
  "part" text NOT NULL,
  "from_user" text NOT NULL,
  -- null: nobody could be found.
  "to_user" text,
  "how" text NOT NULL,
  -- Of a process: the cells (stage, agentId) that followed, so that exactly those go back.
  "cells" jsonb NOT NULL DEFAULT '[]',
  "at" timestamptz NOT NULL DEFAULT clock_timestamp(),
  "by" text NOT NULL,
  "grace_until" timestamptz,
  -- Ended: undone by a person, settled by naming somebody, or the agent was suspended at the end of its grace.
  "ended_at" timestamptz,
  "ended_as" text,
  "ended_by" text,
  CONSTRAINT "successions_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "successions_subject_known" CHECK ("subject_type" IN ('agent', 'process')),
  CONSTRAINT "successions_how_known" CHECK ("how" IN ('same_person', 'successor', 'manager', 'process_owner', 'accountable', 'reassigned', 'orphaned')),
  CONSTRAINT "successions_orphan_whole" CHECK (("how" = 'orphaned') = ("to_user" IS NULL)),
  CONSTRAINT "successions_end_known" CHECK ("ended_as" IS NULL OR "ended_as" IN ('undone', 'settled', 'suspended')),
  CONSTRAINT "successions_ended_whole" CHECK (("ended_at" IS NULL) = ("ended_as" IS NULL))
);
CREATE INDEX "successions_subject_idx" ON "successions" ("subject_type", "subject_id");
CREATE INDEX "successions_from_user_idx" ON "successions" ("from_user");
-- Orphans whose grace runs.
CREATE INDEX "successions_grace_idx" ON "successions" ("grace_until") WHERE "ended_at" IS NULL AND "to_user" IS NULL;

-- ───────────────────────────────────────────── registry: who built an agent
-- `editors` are all who built it, so that one column answers who may not answer for it, review it or sign what it asks: whoever registered it is one.
CREATE FUNCTION "agents_author_is_editor"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.editors := NEW.editors || ARRAY(SELECT u.person_id FROM users u WHERE u.id = NEW.registered_by AND u.person_id <> ALL (NEW.editors));
  RETURN NEW;
END $$;
CREATE TRIGGER "agents_author_is_editor" BEFORE INSERT OR UPDATE OF "editors", "registered_by" ON "agents"
  FOR EACH ROW WHEN (NEW."registered_by" IS NOT NULL) EXECUTE FUNCTION "agents_author_is_editor"();

-- ───────────────────────────────────────────── lifecycle: change requests
-- A change of purpose, triggers, permissions, model or owner of an agent that may act, until another person says yes. `fields` is the whole wanted
-- record (AgentFields), `version` and `before` the one it was made from.
CREATE TABLE "change_requests" (
  "id" text NOT NULL,
  "agent_id" text NOT NULL,
  "version" integer NOT NULL,
  "before" jsonb NOT NULL,
  "fields" jsonb NOT NULL,
  "changed" text[] NOT NULL,
  "reason" text NOT NULL,
  "status" text NOT NULL DEFAULT 'open',
  "requested_by" text NOT NULL,
  -- Persons, not accounts: none of them approves it.
  "editors" text[] NOT NULL,
  "requested_at" timestamptz NOT NULL DEFAULT clock_timestamp(),
  "decided_by" text,
  "decided_at" timestamptz,
  "decision_reason" text,
  CONSTRAINT "change_requests_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "change_requests_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agents" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT "change_requests_status_known" CHECK ("status" IN ('open', 'approved', 'rejected', 'withdrawn')),
  CONSTRAINT "change_requests_decided_whole" CHECK (("status" = 'open') = ("decided_at" IS NULL))
);
CREATE UNIQUE INDEX "change_requests_one_open" ON "change_requests" ("agent_id") WHERE "status" = 'open';
CREATE INDEX "change_requests_agent_id_idx" ON "change_requests" ("agent_id", "requested_at");

-- ───────────────────────────────────────────── reviews
CREATE TABLE "review_campaigns" (
  "id" text NOT NULL,
  "subject_type" text NOT NULL,
  -- Agents of these risk categories; empty for policies.
  "risk_categories" text[] NOT NULL DEFAULT '{}',
  -- The period it belongs to, such as 2026-Q4 or 2026-H2: one campaign of a kind for it.
  "period" text NOT NULL,
  "title" text NOT NULL,
  "opened_at" timestamptz NOT NULL DEFAULT clock_timestamp(),
  "opened_by" text NOT NULL,
  "due_on" date NOT NULL,
  "closed_at" timestamptz,
  CONSTRAINT "review_campaigns_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "review_campaigns_subject_known" CHECK ("subject_type" IN ('agent', 'policy'))
);
CREATE UNIQUE INDEX "review_campaigns_once" ON "review_campaigns" ("subject_type", "risk_categories", "period");
CREATE TABLE "review_items" (
  "id" text NOT NULL,
  "campaign_id" text NOT NULL,
  "subject_id" text NOT NULL,
  "process_id" text,
  "reviewer_id" text,
  "status" text NOT NULL DEFAULT 'open',
  -- Days before the due date whose reminder was given: 14, 7, 0; -1: escalated. null: none yet.
  "reminded" smallint,
  "escalated_to" text,
  "decision" text,
  "decided_by" text,
  "decided_at" timestamptz,
  "note" text,
  -- What it changed: permissions removed, who owns it now (ids only). A click that changed nothing says so.
  "changes" jsonb NOT NULL DEFAULT '{}',
  CONSTRAINT "review_items_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "review_items_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "review_campaigns" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  -- void: the subject was decommissioned or retired meanwhile.
  CONSTRAINT "review_items_status_known" CHECK ("status" IN ('open', 'decided', 'void')),
  CONSTRAINT "review_items_decision_known" CHECK ("decision" IS NULL OR "decision" IN ('keep', 'reduce', 'reassign', 'decommission', 'revise')),
  CONSTRAINT "review_items_decided_whole" CHECK (("status" = 'decided') = ("decision" IS NOT NULL AND "decided_by" IS NOT NULL AND "decided_at" IS NOT NULL))
);
CREATE UNIQUE INDEX "review_items_once" ON "review_items" ("campaign_id", "subject_id");
CREATE INDEX "review_items_reviewer_id_idx" ON "review_items" ("reviewer_id") WHERE "status" = 'open';
CREATE INDEX "review_items_subject_id_idx" ON "review_items" ("subject_id", "decided_at");

-- ───────────────────────────────────────────── maturity
-- What the criteria said on a day; one row a day for the organisation, each process and each agent.
CREATE TABLE "maturity_snapshots" (
  "day" date NOT NULL,
  "scope_type" text NOT NULL,
  "scope_id" text NOT NULL,
  "stage" smallint NOT NULL,
  "criteria" jsonb NOT NULL,
  "metrics" jsonb NOT NULL DEFAULT '{}',
  "taken_at" timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT "maturity_snapshots_pkey" PRIMARY KEY ("day", "scope_type", "scope_id"),
  CONSTRAINT "maturity_snapshots_scope_known" CHECK ("scope_type" IN ('organisation', 'process', 'agent')),
  CONSTRAINT "maturity_snapshots_stage_known" CHECK ("stage" BETWEEN 1 AND 4)
);
CREATE INDEX "maturity_snapshots_scope_idx" ON "maturity_snapshots" ("scope_type", "scope_id", "day");

-- ───────────────────────────────────────────── ledger
INSERT INTO "ledger_kinds" ("kind", "moves_epoch") VALUES
  ('approval.reminded', false), ('approval.escalated', false),
  ('finding.opened', false), ('finding.reopened', false), ('finding.closed', false), ('finding.assigned', false), ('finding.snoozed', false),
  ('finding.woken', false), ('sighting.reported', false), ('tool_key.issued', false), ('tool_key.revoked', false),
  ('ownership.inherited', true), ('ownership.orphaned', false), ('ownership.reassigned', true), ('ownership.restored', true),
  ('change.requested', false), ('change.approved', false), ('change.rejected', false), ('change.withdrawn', false),
  ('review.opened', false), ('review.reminded', false), ('review.escalated', false), ('review.reassigned', false), ('review.decided', false),
  ('review.closed', false),
  ('maturity.recorded', false), ('job.asked', false), ('organisation.changed', false);

-- ───────────────────────────────────────────── the three roles' rights
GRANT EXECUTE ON FUNCTION "observe" TO countersign_gateway, countersign_web;
GRANT SELECT ON "tool_keys", "approval_calls" TO countersign_gateway;

GRANT SELECT ON "organisation", "job_runs", "approval_calls", "observations", "tool_keys", "findings", "detector_runs", "successions", "change_requests",
  "review_campaigns", "review_items", "maturity_snapshots" TO countersign_web;
-- Whether it is a sample is said by whoever made the database.
GRANT UPDATE ("name", "leave_asked_at", "leave_asked_by", "first_admin_hash", "settings", "changed_at") ON "organisation" TO countersign_web;
GRANT INSERT, UPDATE, DELETE ON "job_runs" TO countersign_web;
GRANT UPDATE ("step") ON "approvals" TO countersign_web;
GRANT INSERT ON "approval_calls", "tool_keys", "findings", "detector_runs", "successions", "change_requests", "review_campaigns", "review_items",
  "maturity_snapshots" TO countersign_web;
GRANT UPDATE ON "findings", "detector_runs", "successions", "change_requests", "review_campaigns", "review_items", "maturity_snapshots" TO countersign_web;
GRANT UPDATE ("revoked_at") ON "tool_keys" TO countersign_web;
GRANT DELETE ON "observations" TO countersign_web;
