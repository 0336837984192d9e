-- The stop button: who acknowledged a stop and when, what started it, circuit breakers, releases that two people sign, drills, and what two people
-- signed so that gateways go on after a restore.

-- ───────────────────────────────────────────── containment: stops
-- What made somebody press: a finding, a decision, or a report somebody gave; from then the time to kill is counted.
ALTER TABLE "kill_switches"
  ADD COLUMN "detected_at" timestamptz,
  ADD COLUMN "source_type" text,
  ADD COLUMN "source_id" text,
  -- A drill's own stop: Countersign lifts it when it is measured.
  ADD COLUMN "drill_id" text,
  ADD CONSTRAINT "kill_switches_source_known" CHECK ("source_type" IN ('finding', 'decision', 'report')),
  ADD CONSTRAINT "kill_switches_source_whole" CHECK (("source_type" IS NULL) = ("detected_at" IS NULL));
CREATE INDEX "kill_switches_set_at_idx" ON "kill_switches" ("set_at");
-- Two people who pressed at once could both be kept before. The first stays in force; who lifts it lifts it.
DO $$
DECLARE v_kill record;
BEGIN
  FOR v_kill IN
    SELECT k.id, k.scope, k.target FROM kill_switches k WHERE k.lifted_at IS NULL AND EXISTS (
      SELECT 1 FROM kill_switches o WHERE o.scope = k.scope AND o.target = k.target AND o.lifted_at IS NULL AND (o.set_at, o.id) < (k.set_at, k.id))
  LOOP
    UPDATE kill_switches SET lifted_by = 'upgrade', lifted_at = now(), lift_reason = 'Another stop of the same stays in force.' WHERE id = v_kill.id;
    INSERT INTO ledger_intake (kind, subject, payload) VALUES ('kill.lifted', v_kill.id, convert_to(jsonb_build_object('kind', 'kill.lifted',
      'id', 'evt_' || left(md5(v_kill.id), 26), 'actor', jsonb_build_object('type', 'system', 'id', 'upgrade'), 'subject', jsonb_build_object('type', 'kill', 'id', v_kill.id),
      'data', jsonb_build_object('scope', v_kill.scope, 'target', v_kill.target))::text, 'UTF8'));
  END LOOP;
END $$;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
-- One stop of a person's in force for one thing: who lifts it lifts it. A drill's own stands beside it.
CREATE UNIQUE INDEX "kill_switches_one_in_force" ON "kill_switches" ("scope", "target") WHERE "lifted_at" IS NULL AND "drill_id" IS NULL;
-- Whoever but the owner writes here: a stop is lifted once, by somebody who is here and is another human than who set it (a drill lifts its own, see below).
CREATE FUNCTION "kill_switches_guard"() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF pg_has_role(current_user, (SELECT c.relowner FROM pg_class c WHERE c.oid = TG_RELID), 'USAGE') OR (OLD.lifted_at IS NULL AND NEW.lifted_by LIKE 'drl\_%') THEN
    RETURN NEW;
  END IF;
  IF OLD.lifted_at IS NOT NULL OR NEW.lifted_at IS NULL OR NEW.lift_reason IS NULL OR NOT EXISTS (SELECT 1 FROM users u WHERE u.id = NEW.lifted_by AND u.status = 'active'
      AND u.person_id NOT IN (SELECT s.person_id FROM users s WHERE s.id = OLD.set_by)) THEN
    RAISE EXCEPTION 'a stop is lifted once, by a second person' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION "kill_switches_guard" FROM PUBLIC;
CREATE TRIGGER "kill_switches_guard" BEFORE UPDATE ON "kill_switches" FOR EACH ROW EXECUTE FUNCTION "kill_switches_guard"();
-- What became of a stop: every gateway that was alive had acknowledged it, or the silent ones were named. One row a stop, never changed; the event
-- kill.acknowledged says the same.
CREATE TABLE "kill_acknowledgements" (
  "kill_id" text NOT NULL,
  "told_at" timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- From the press to the last acknowledgement; null: nobody acknowledged.
  "last_ms" integer,
  -- From the detection to it; null: nothing says what made somebody press.
  "detected_ms" bigint,
  "gateways" jsonb NOT NULL DEFAULT '[]',
  "silent" text[] NOT NULL DEFAULT '{}',
  CONSTRAINT "kill_acknowledgements_pkey" PRIMARY KEY ("kill_id")
);

-- ───────────────────────────────────────────── containment: gateways
-- Each gateway process that ever ran. One that lives says so every second; `epoch` is the newest it decides by.
CREATE TABLE "gateways" (
  "id" text NOT NULL,
  -- host:port, for people.
  "name" text NOT NULL,
  "started_at" timestamptz NOT NULL DEFAULT clock_timestamp(),
  "seen_at" timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- It said goodbye; one that was killed did not.
  "stopped_at" timestamptz,
  "epoch" bigint NOT NULL,
  -- Why it decides nothing (see resumptions); null: it decides. How its database differs from what was handed outside, once it knows.
  "locked" text,
  "divergence" jsonb,
  -- The requests that calls wait for at this gateway now, once a call.
  "waiting" text[] NOT NULL DEFAULT '{}',
  CONSTRAINT "gateways_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "gateways_seen_at_idx" ON "gateways" ("seen_at");
-- From `installed_at` on this gateway decides by `epoch`: its acknowledgement of every change up to there. Insert-only.
CREATE TABLE "gateway_installs" (
  "gateway_id" text NOT NULL,
  "epoch" bigint NOT NULL,
  "installed_at" timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT "gateway_installs_pkey" PRIMARY KEY ("gateway_id", "epoch")
);
CREATE INDEX "gateway_installs_installed_at_idx" ON "gateway_installs" ("installed_at");
-- The gateways' only way to write here: that it lives, and what it decides by.
CREATE FUNCTION "gateway_says"("p_id" text, "p_name" text, "p_epoch" bigint, "p_locked" text, "p_stopping" boolean, "p_divergence" jsonb DEFAULT NULL,
  "p_waiting" text[] DEFAULT '{}') RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  -- Nobody decides by a change that is not made yet: an acknowledgement of it would be one of every stop to come.
  v_head bigint := coalesce((SELECT b.epoch FROM ledger_batches b ORDER BY b.last_seq DESC LIMIT 1), 0);
BEGIN
  INSERT INTO gateways AS g (id, name, epoch, locked, divergence, stopped_at, waiting)
    VALUES (left(p_id, 60), left(p_name, 200), least(p_epoch, v_head), left(p_locked, 300), CASE WHEN length(p_divergence::text) < 2000 THEN p_divergence END,
      CASE WHEN p_stopping THEN clock_timestamp() END, coalesce(p_waiting[1:1000], '{}'))
    ON CONFLICT (id) DO UPDATE SET seen_at = clock_timestamp(), epoch = greatest(g.epoch, excluded.epoch), locked = excluded.locked, divergence = excluded.divergence,
      waiting = excluded.waiting, stopped_at = coalesce(g.stopped_at, excluded.stopped_at);
  -- A snapshot is installed before this is called, so the time is never too early.
  IF p_epoch BETWEEN 0 AND v_head AND p_locked IS NULL THEN
    INSERT INTO gateway_installs (gateway_id, epoch) VALUES (left(p_id, 60), p_epoch) ON CONFLICT (gateway_id, epoch) DO NOTHING;
  END IF;
END $$;
REVOKE ALL ON FUNCTION "gateway_says" FROM PUBLIC;
-- Forgets a batch of what is older than maturity looks back, and of nothing younger: nobody takes an acknowledgement away. Answers the larger count.
CREATE FUNCTION "gateways_forget"("p_limit" integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_before timestamptz := clock_timestamp() - interval '100 days';
  v_gateways integer;
  v_installs integer;
BEGIN
  DELETE FROM gateways WHERE id IN (SELECT id FROM gateways WHERE seen_at < v_before ORDER BY seen_at LIMIT p_limit);
  GET DIAGNOSTICS v_gateways = ROW_COUNT;
  DELETE FROM gateway_installs WHERE (gateway_id, epoch) IN
    (SELECT gateway_id, epoch FROM gateway_installs WHERE installed_at < v_before ORDER BY installed_at LIMIT p_limit);
  GET DIAGNOSTICS v_installs = ROW_COUNT;
  RETURN greatest(v_gateways, v_installs);
END $$;
REVOKE ALL ON FUNCTION "gateways_forget" FROM PUBLIC;

-- ───────────────────────────────────────────── containment: circuit breakers
-- What became of an agent's calls of one action type, in buckets of ten seconds of database time; all gateways add to it.
CREATE TABLE "breaker_windows" (
  "agent_id" text NOT NULL,
  -- What nobody registered goes under one name, so that an agent cannot fill this with names it makes up.
  "action_type" text NOT NULL,
  -- 0: while the breaker was closed. Otherwise what was tried while it was half-open: when it had opened, in milliseconds since 1970.
  "opening" bigint NOT NULL DEFAULT 0,
  "bucket" bigint NOT NULL,
  "checks" integer NOT NULL DEFAULT 0,
  -- Denied or halted for what was asked; never for a stop, a suspension or the breaker itself.
  "refused" integer NOT NULL DEFAULT 0,
  -- Outcomes that were reported.
  "succeeded" integer NOT NULL DEFAULT 0,
  "failed" integer NOT NULL DEFAULT 0,
  -- Money of what went ahead, in the base currency.
  "spend" numeric NOT NULL DEFAULT 0,
  CONSTRAINT "breaker_windows_pkey" PRIMARY KEY ("agent_id", "action_type", "opening", "bucket")
);
CREATE INDEX "breaker_windows_bucket_idx" ON "breaker_windows" ("bucket");
-- One breaker for an agent and an action type, made when it first opens. Open until probe_at, then half-open (a few probes) until it closes or
-- opens again; see lib/containment/domain/breakers.
CREATE TABLE "breakers" (
  "agent_id" text NOT NULL,
  "action_type" text NOT NULL,
  "state" text NOT NULL,
  "cause" text NOT NULL,
  -- What was seen and what was allowed: numbers, and the policy that says so.
  "facts" jsonb NOT NULL DEFAULT '{}',
  "opened_at" timestamptz NOT NULL DEFAULT clock_timestamp(),
  "probe_at" timestamptz NOT NULL,
  "probes" smallint NOT NULL,
  -- How often it opened without closing in between: each time it stays open longer.
  "times" smallint NOT NULL DEFAULT 1,
  "closed_at" timestamptz,
  -- A person, or null when it recovered.
  "closed_by" text,
  CONSTRAINT "breakers_pkey" PRIMARY KEY ("agent_id", "action_type"),
  CONSTRAINT "breakers_state_known" CHECK ("state" IN ('open', 'closed')),
  CONSTRAINT "breakers_cause_known" CHECK ("cause" IN ('errors', 'refusals', 'spend')),
  CONSTRAINT "breakers_closed_whole" CHECK (("state" = 'closed') = ("closed_at" IS NOT NULL)),
  CONSTRAINT "breakers_bounds" CHECK ("probes" BETWEEN 1 AND 100 AND "times" >= 1)
);
CREATE INDEX "breakers_open_idx" ON "breakers" ("opened_at") WHERE "state" = 'open';
-- Adds what a gateway counted, and answers what all gateways counted of each pair asked for, over so many seconds (rounded up).
CREATE FUNCTION "breaker_count"("p_agents" text[], "p_actions" text[], "p_openings" bigint[], "p_checks" integer[], "p_refused" integer[],
  "p_succeeded" integer[], "p_failed" integer[], "p_spend" numeric[], "p_ask_agents" text[], "p_ask_actions" text[], "p_ask_seconds" integer[])
RETURNS TABLE ("agent_id" text, "action_type" text, "seconds" integer, "checks" bigint, "refused" bigint, "succeeded" bigint, "failed" bigint, "spend" numeric)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE v_bucket bigint := floor(extract(epoch FROM clock_timestamp()) / 10);
BEGIN
  INSERT INTO breaker_windows AS w (agent_id, action_type, opening, bucket, checks, refused, succeeded, failed, spend)
    -- Counts only ever grow: a gateway cannot take back what another one counted.
    SELECT u.agent, u.action, u.opening, v_bucket, sum(greatest(u.checks, 0)), sum(greatest(u.refused, 0)), sum(greatest(u.succeeded, 0)), sum(greatest(u.failed, 0)),
      sum(greatest(u.spend, 0))
    FROM unnest(p_agents, p_actions, p_openings, p_checks, p_refused, p_succeeded, p_failed, p_spend)
      AS u(agent, action, opening, checks, refused, succeeded, failed, spend)
    -- In one order, so that two gateways never wait for each other in a circle.
    GROUP BY u.agent, u.action, u.opening ORDER BY u.agent, u.action, u.opening
    ON CONFLICT (agent_id, action_type, opening, bucket) DO UPDATE SET checks = w.checks + excluded.checks, refused = w.refused + excluded.refused,
      succeeded = w.succeeded + excluded.succeeded, failed = w.failed + excluded.failed, spend = w.spend + excluded.spend;
  RETURN QUERY
    SELECT a.agent, a.action, a.seconds, t.checks, t.refused, t.succeeded, t.failed, t.spend
    FROM (SELECT DISTINCT u.agent, u.action, u.seconds FROM unnest(p_ask_agents, p_ask_actions, p_ask_seconds) AS u(agent, action, seconds)) a
      LEFT JOIN breakers b ON b.agent_id = a.agent AND b.action_type = a.action
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(w.checks), 0) AS checks, coalesce(sum(w.refused), 0) AS refused, coalesce(sum(w.succeeded), 0) AS succeeded,
          coalesce(sum(w.failed), 0) AS failed, coalesce(sum(w.spend), 0) AS spend
        FROM breaker_windows w WHERE w.agent_id = a.agent AND w.action_type = a.action AND w.opening = 0
          -- What was before a breaker closed is forgiven: it would open at once again.
          AND w.bucket > greatest(v_bucket - ceil(a.seconds / 10.0) - 1, floor(extract(epoch FROM b.closed_at) / 10))) t;
END $$;
REVOKE ALL ON FUNCTION "breaker_count" FROM PUBLIC;
-- Writes the event of an opening; called by the two functions below alone.
CREATE FUNCTION "breaker_tell"("p_event" text, "p_breaker" "breakers") RETURNS void
LANGUAGE sql SET search_path = public, pg_temp AS $$
  INSERT INTO ledger_intake (kind, subject, payload) VALUES ('breaker.opened', p_breaker.agent_id, convert_to(jsonb_build_object('kind', 'breaker.opened', 'id', p_event,
    'actor', jsonb_build_object('type', 'system', 'id', 'breaker'), 'subject', jsonb_build_object('type', 'agent', 'id', p_breaker.agent_id),
    'data', jsonb_build_object('action_type', p_breaker.action_type, 'cause', p_breaker.cause, 'facts', p_breaker.facts, 'times', p_breaker.times, 'probes', p_breaker.probes,
      'opened_at', to_char(p_breaker.opened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'probe_at', to_char(p_breaker.probe_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))::text, 'UTF8'))
$$;
REVOKE ALL ON FUNCTION "breaker_tell" FROM PUBLIC;
-- Opens a breaker that is closed; answers whether it did. The gateways' only way to write here, and it only tightens: what closes a breaker, or decides
-- what follows when it is half-open, is written by the people plane. How long it stays open follows from lib/containment/domain/breakers.
CREATE FUNCTION "breaker_open"("p_event" text, "p_agent" text, "p_action" text, "p_cause" text, "p_facts" jsonb, "p_pause_seconds" integer, "p_probes" integer)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  -- In whole milliseconds, as gateways hold it: it names the counter of this opening's probes.
  v_now timestamptz := date_trunc('milliseconds', clock_timestamp());
  v_breaker breakers%ROWTYPE;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM agents WHERE id = p_agent) THEN RETURN false; END IF;
  INSERT INTO breakers AS b (agent_id, action_type, state, cause, facts, opened_at, probe_at, probes)
    VALUES (p_agent, p_action, 'open', p_cause, p_facts, v_now, v_now + make_interval(secs => least(greatest(p_pause_seconds, 1), 86400)), p_probes)
    ON CONFLICT (agent_id, action_type) DO UPDATE SET state = 'open', cause = excluded.cause, facts = excluded.facts, opened_at = excluded.opened_at,
      probe_at = excluded.probe_at, probes = excluded.probes, times = 1, closed_at = NULL, closed_by = NULL
    WHERE b.state = 'closed' RETURNING b.* INTO v_breaker;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM breaker_tell(p_event, v_breaker);
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION "breaker_open" FROM PUBLIC;
-- Opens a half-open breaker again, if it is still the one that opened at p_opened_at; answers whether it did.
CREATE FUNCTION "breaker_open_again"("p_event" text, "p_agent" text, "p_action" text, "p_opened_at" timestamptz, "p_facts" jsonb, "p_pause_seconds" integer)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_now timestamptz := date_trunc('milliseconds', clock_timestamp());
  v_breaker breakers%ROWTYPE;
BEGIN
  UPDATE breakers b SET facts = p_facts, opened_at = v_now, probe_at = v_now + make_interval(secs => least(greatest(p_pause_seconds, 1), 86400)),
      times = least(b.times + 1, 1000)
    WHERE b.agent_id = p_agent AND b.action_type = p_action AND b.state = 'open' AND b.opened_at = p_opened_at AND b.probe_at <= v_now
    RETURNING b.* INTO v_breaker;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM breaker_tell(p_event, v_breaker);
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION "breaker_open_again" FROM PUBLIC;

-- ───────────────────────────────────────────── containment: releases that two people sign
-- A halted action that a leader and security, two persons, let happen once: the first asks, the second signs, and an approval of the exact action is made.
CREATE TABLE "release_requests" (
  "id" text NOT NULL,
  "workflow_id" text NOT NULL,
  "decision_id" text NOT NULL,
  "agent_id" text NOT NULL,
  "valid_minutes" integer NOT NULL,
  "reason" text NOT NULL,
  "status" text NOT NULL DEFAULT 'open',
  -- Under which role each signed: two different ones.
  "asked_by" text NOT NULL,
  "asked_as" text NOT NULL,
  "asked_at" timestamptz NOT NULL DEFAULT clock_timestamp(),
  "signed_by" text,
  "signed_as" text,
  "signed_at" timestamptz,
  "signed_reason" text,
  "approval_id" text,
  -- In which transactions: nothing is asked and signed at once, and what is signed makes its approval there and then.
  "asked_xid" xid8 NOT NULL DEFAULT pg_current_xact_id(),
  "signed_xid" xid8,
  CONSTRAINT "release_requests_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "release_requests_status_known" CHECK ("status" IN ('open', 'signed', 'withdrawn')),
  CONSTRAINT "release_requests_roles_known" CHECK ("asked_as" IN ('leader', 'security') AND ("signed_as" IS NULL OR ("signed_as" IN ('leader', 'security') AND "signed_as" <> "asked_as"))),
  CONSTRAINT "release_requests_signed_whole" CHECK (("status" = 'signed') = ("signed_by" IS NOT NULL AND "signed_as" IS NOT NULL AND "signed_at" IS NOT NULL AND "approval_id" IS NOT NULL)),
  CONSTRAINT "release_requests_minutes_bounds" CHECK ("valid_minutes" BETWEEN 1 AND 1440)
);
CREATE UNIQUE INDEX "release_requests_one_open" ON "release_requests" ("decision_id") WHERE "status" = 'open';
CREATE INDEX "release_requests_workflow_id_idx" ON "release_requests" ("workflow_id");
-- What gateways hold in memory: halted actions that may happen once.
CREATE INDEX "approvals_authorised_idx" ON "approvals" ("agent_id") WHERE "tier" = 4 AND "status" = 'approved';
-- What became of one halted action.
CREATE INDEX "approvals_halted_idx" ON "approvals" ("decision_id") WHERE "tier" = 4;

-- Whoever writes here, with whatever rights: asked by somebody who may, signed later by another human under the other role, and then never changed.
CREATE FUNCTION "release_requests_guard"() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_asker users%ROWTYPE;
  v_signer users%ROWTYPE;
BEGIN
  SELECT u.* INTO v_asker FROM users u WHERE u.id = NEW.asked_by;
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'open' OR NEW.asked_xid <> pg_current_xact_id() THEN
      RAISE EXCEPTION 'a release is asked for before it is signed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    NEW.asked_at := clock_timestamp();
  ELSE
    IF OLD.status <> 'open' OR (OLD.id, OLD.workflow_id, OLD.decision_id, OLD.agent_id, OLD.valid_minutes, OLD.reason, OLD.asked_by, OLD.asked_as, OLD.asked_at, OLD.asked_xid)
        IS DISTINCT FROM (NEW.id, NEW.workflow_id, NEW.decision_id, NEW.agent_id, NEW.valid_minutes, NEW.reason, NEW.asked_by, NEW.asked_as, NEW.asked_at, NEW.asked_xid) THEN
      RAISE EXCEPTION 'what was asked, or is over, is never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.status <> 'signed' THEN
      IF (NEW.signed_by, NEW.signed_as, NEW.signed_reason, NEW.approval_id) IS DISTINCT FROM (NULL, NULL, NULL, NULL) THEN
        RAISE EXCEPTION 'what nobody signed has no signature' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END IF;
    SELECT u.* INTO v_signer FROM users u WHERE u.id = NEW.signed_by;
    IF v_signer.status IS DISTINCT FROM 'active' OR NEW.signed_as IS NULL OR NOT NEW.signed_as = ANY (v_signer.roles) OR NEW.signed_as = NEW.asked_as
        OR v_signer.person_id = v_asker.person_id OR OLD.asked_xid = pg_current_xact_id() THEN
      RAISE EXCEPTION 'a release is signed by a second person, under the other role, after it was asked for' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    NEW.signed_at := clock_timestamp();
    NEW.signed_xid := pg_current_xact_id();
  END IF;
  IF v_asker.status IS DISTINCT FROM 'active' OR NOT NEW.asked_as = ANY (v_asker.roles) THEN
    RAISE EXCEPTION 'a release is asked for by somebody who is here, under a role of theirs' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION "release_requests_guard" FROM PUBLIC;
CREATE TRIGGER "release_requests_guard" BEFORE INSERT OR UPDATE ON "release_requests" FOR EACH ROW EXECUTE FUNCTION "release_requests_guard"();

-- Requests for approval come from the commit, which runs as the owner. Whoever else inserts one inserts what two people signed in this transaction: the
-- action that was halted, as the ledger has it, once.
CREATE FUNCTION "approvals_guard_insert"() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_request release_requests%ROWTYPE;
  v_decision jsonb;
  v_salted bytea;
BEGIN
  IF NEW.tier <> 4 THEN
    IF NOT pg_has_role(current_user, (SELECT c.relowner FROM pg_class c WHERE c.oid = TG_RELID), 'USAGE') THEN
      RAISE EXCEPTION 'only the commit asks for an approval' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
  END IF;
  SELECT r.* INTO v_request FROM release_requests r WHERE r.approval_id = NEW.id AND r.status = 'signed' AND r.signed_xid = pg_current_xact_id();
  IF NOT FOUND OR NEW.status <> 'approved' OR (NEW.agent_id, NEW.decision_id, NEW.workflow_id, NEW.decided_by, NEW.step, NEW.reason_code, NEW.used_at, NEW.used_by)
      IS DISTINCT FROM (v_request.agent_id, v_request.decision_id, v_request.workflow_id, v_request.signed_by, 0::smallint, NULL, NULL, NULL)
      OR NEW.expires_at > v_request.signed_at + make_interval(mins => v_request.valid_minutes) THEN
    RAISE EXCEPTION 'a halted action is let happen by what two people signed in this transaction' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  SELECT convert_from(substring(l.bytes FROM 49), 'UTF8')::jsonb, s.salted INTO v_decision, v_salted
    FROM ledger l JOIN ledger_arguments s ON s.seq = l.seq WHERE l.seq = NEW.decision_seq;
  IF NOT FOUND OR NOT EXISTS (SELECT 1 FROM workflow_halts h WHERE h.decision_id = NEW.decision_id AND h.agent_id = NEW.agent_id AND h.workflow_id = NEW.workflow_id)
      OR ('decision.made', 'halt', NEW.decision_id, NEW.agent_id, NEW.workflow_id, NEW.process_id, NEW.action_type) IS DISTINCT FROM
        (v_decision->>'kind', v_decision->>'verdict', v_decision->>'id', v_decision->>'agent', v_decision->>'workflow', v_decision->>'process', v_decision->>'action')
      OR encode(sha256(v_salted), 'hex') IS DISTINCT FROM v_decision->>'commitment' OR NEW.digest <> substring(v_salted FROM 17 FOR 32) THEN
    RAISE EXCEPTION 'this is not the action that was halted' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM approvals a WHERE a.decision_id = NEW.decision_id AND a.tier = 4
      AND (a.status = 'used' OR (a.status = 'approved' AND a.expires_at > clock_timestamp()))) THEN
    RAISE EXCEPTION 'this action was let happen once before' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION "approvals_guard_insert" FROM PUBLIC;
CREATE TRIGGER "approvals_guard_insert" BEFORE INSERT ON "approvals" FOR EACH ROW EXECUTE FUNCTION "approvals_guard_insert"();

-- What was signed only ends: it is used by the commit, or taken back; nothing makes it good again.
CREATE FUNCTION "approvals_guard_halted"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.tier <> NEW.tier OR OLD.digest <> NEW.digest OR OLD.agent_id <> NEW.agent_id OR NEW.expires_at > OLD.expires_at
      OR (OLD.status <> NEW.status AND NOT (OLD.status = 'approved' AND NEW.status IN ('used', 'expired', 'cancelled'))) THEN
    RAISE EXCEPTION 'what two people signed only ends' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION "approvals_guard_halted" FROM PUBLIC;
CREATE TRIGGER "approvals_guard_halted" BEFORE UPDATE ON "approvals" FOR EACH ROW WHEN (OLD.tier = 4 OR NEW.tier = 4) EXECUTE FUNCTION "approvals_guard_halted"();

-- A signature without its approval would be a word that counts for nothing.
CREATE FUNCTION "release_requests_make_approval"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM approvals a WHERE a.id = NEW.approval_id AND a.tier = 4 AND a.decision_id = NEW.decision_id) THEN
    RAISE EXCEPTION 'a release was signed without its approval' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION "release_requests_make_approval" FROM PUBLIC;
CREATE CONSTRAINT TRIGGER "release_requests_make_approval" AFTER UPDATE ON "release_requests"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'signed') EXECUTE FUNCTION "release_requests_make_approval"();

-- ───────────────────────────────────────────── containment: drills
-- Which agent is stopped for practice, and how often. One that is in service really stops: a person said so, and in which hours of the day (UTC) it may.
CREATE TABLE "drill_plans" (
  "id" text NOT NULL,
  "agent_id" text NOT NULL,
  "every_days" integer NOT NULL,
  "next_at" timestamptz NOT NULL,
  -- From this full hour until that one, perhaps past midnight; both null: at any time.
  "from_hour" smallint,
  "to_hour" smallint,
  -- Who said that it really stops; null: planned while the agent was not in service.
  "confirmed_by" text,
  "active" boolean NOT NULL DEFAULT true,
  "made_by" text NOT NULL,
  "made_at" timestamptz NOT NULL DEFAULT clock_timestamp(),
  "changed_at" timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT "drill_plans_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "drill_plans_bounds" CHECK ("every_days" BETWEEN 1 AND 366),
  CONSTRAINT "drill_plans_window" CHECK (("from_hour" IS NULL) = ("to_hour" IS NULL) AND "from_hour" BETWEEN 0 AND 23 AND "to_hour" BETWEEN 0 AND 23 AND "from_hour" <> "to_hour"),
  CONSTRAINT "drill_plans_confirmed" CHECK ("confirmed_by" IS NULL OR "from_hour" IS NOT NULL)
);
CREATE UNIQUE INDEX "drill_plans_one_active" ON "drill_plans" ("agent_id") WHERE "active";
CREATE INDEX "drill_plans_next_at_idx" ON "drill_plans" ("next_at") WHERE "active";
-- One drill: a real stop of one agent, measured, and lifted by the drill itself. Once finished it is never changed.
CREATE TABLE "drills" (
  "id" text NOT NULL,
  -- Null: a person ran it beside any plan.
  "plan_id" text,
  "agent_id" text NOT NULL,
  "asked_by" text NOT NULL,
  "asked_at" timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Null: it was called off before anything was stopped.
  "kill_id" text,
  "finished_at" timestamptz,
  -- passed and slow: every gateway acknowledged, within 1 s and within 30 s; failed: later, or a gateway stayed silent; aborted: nothing was measured.
  "outcome" text,
  -- Why it was called off.
  "why" text,
  -- From the press to the last acknowledgement, which gateways gave theirs after how long, and the names of the silent ones.
  "last_ms" integer,
  "gateways" jsonb NOT NULL DEFAULT '[]',
  "silent" text[] NOT NULL DEFAULT '{}',
  CONSTRAINT "drills_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "drills_outcome_known" CHECK ("outcome" IN ('passed', 'slow', 'failed', 'aborted')),
  CONSTRAINT "drills_why_known" CHECK ("why" IN ('NO_GATEWAY', 'ALREADY_STOPPED', 'NOT_CONFIRMED', 'AGENT_ENDED')),
  CONSTRAINT "drills_finished_whole" CHECK (("finished_at" IS NULL) = ("outcome" IS NULL) AND ("outcome" = 'aborted') = ("why" IS NOT NULL)),
  CONSTRAINT "drills_stopped" CHECK ("kill_id" IS NOT NULL OR "outcome" = 'aborted'),
  -- What the numbers say is what the outcome says.
  CONSTRAINT "drills_measured" CHECK (CASE "outcome"
    WHEN 'passed' THEN coalesce("last_ms" <= 1000, false) AND "silent" = '{}'
    WHEN 'slow' THEN coalesce("last_ms" > 1000 AND "last_ms" <= 30000, false) AND "silent" = '{}'
    WHEN 'failed' THEN coalesce("last_ms" > 30000, false) OR "silent" <> '{}'
    ELSE true END)
);
CREATE INDEX "drills_asked_at_idx" ON "drills" ("asked_at");
CREATE UNIQUE INDEX "drills_one_under_way" ON "drills" ("agent_id") WHERE "finished_at" IS NULL;
CREATE UNIQUE INDEX "drills_kill_id_key" ON "drills" ("kill_id");
CREATE FUNCTION "drills_stay_as_they_ended"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'drill % is finished: what it measured is never changed', OLD.id USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER "drills_stay_as_they_ended" BEFORE UPDATE ON "drills" FOR EACH ROW WHEN (OLD."finished_at" IS NOT NULL) EXECUTE FUNCTION "drills_stay_as_they_ended"();
-- A stop is a drill's only while that drill is under way and is of that agent; and a drill lifts its own stop alone, while it is under way.
CREATE FUNCTION "kill_switches_of_drills"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.scope = 'agent' AND EXISTS (SELECT 1 FROM drills d WHERE d.id = NEW.drill_id AND d.kill_id = NEW.id AND d.agent_id = NEW.target AND d.finished_at IS NULL) THEN
      RETURN NEW;
    END IF;
    RAISE EXCEPTION 'stop % is not of the drill it names', NEW.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.lifted_by = OLD.drill_id AND EXISTS (SELECT 1 FROM drills d WHERE d.id = OLD.drill_id AND d.kill_id = OLD.id AND d.finished_at IS NULL) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a drill lifts its own stop alone, while it is under way' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER "kill_switches_set_by_drills" BEFORE INSERT ON "kill_switches" FOR EACH ROW WHEN (NEW."drill_id" IS NOT NULL) EXECUTE FUNCTION "kill_switches_of_drills"();
CREATE TRIGGER "kill_switches_lifted_by_drills" BEFORE UPDATE ON "kill_switches" FOR EACH ROW
  WHEN (NEW."lifted_by" IS DISTINCT FROM OLD."lifted_by" AND NEW."lifted_by" LIKE 'drl\_%') EXECUTE FUNCTION "kill_switches_of_drills"();

-- ───────────────────────────────────────────── ledger: resuming after a restore
-- The database is behind, or forks from, what was handed outside. Gateways stay locked until two people sign that they go on from exactly this.
CREATE TABLE "resumptions" (
  "id" text NOT NULL,
  -- The newest outside checkpoint: what is lost or different.
  "outside_origin" text NOT NULL,
  "outside_size" bigint NOT NULL,
  "outside_root" bytea NOT NULL,
  -- The largest outside checkpoint that the database agrees with, and its last row when it was asked.
  "kept_size" bigint NOT NULL,
  "head_size" bigint NOT NULL,
  "refused" text NOT NULL,
  "asked_by" text NOT NULL,
  -- At the command line nobody signs in, so at most one of the two words comes from there.
  "asked_as_operator" boolean NOT NULL DEFAULT false,
  "asked_at" timestamptz NOT NULL DEFAULT clock_timestamp(),
  "reason" text NOT NULL,
  "signed_by" text,
  "signed_at" timestamptz,
  "signed_reason" text,
  CONSTRAINT "resumptions_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "resumptions_refused_known" CHECK ("refused" IN ('behind', 'forked', 'gone')),
  CONSTRAINT "resumptions_root_whole" CHECK (octet_length("outside_root") = 32),
  CONSTRAINT "resumptions_two_people" CHECK ("signed_by" IS NULL OR "signed_by" <> "asked_by"),
  CONSTRAINT "resumptions_signed_whole" CHECK (("signed_by" IS NULL) = ("signed_at" IS NULL) AND ("signed_by" IS NULL) = ("signed_reason" IS NULL))
);
-- Each person asks once; who asked may leave before anybody signed.
CREATE UNIQUE INDEX "resumptions_asked_once" ON "resumptions" ("outside_size", "outside_root", "asked_by");
CREATE UNIQUE INDEX "resumptions_signed_once" ON "resumptions" ("outside_size", "outside_root") WHERE "signed_by" IS NOT NULL;
-- Whoever writes here, with whatever rights: signed once, by somebody who is here and is another human than who asked.
CREATE FUNCTION "resumptions_guard"() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.signed_by IS NOT NULL OR NOT EXISTS (SELECT 1 FROM users u WHERE u.id = NEW.signed_by AND u.status = 'active'
      AND u.person_id NOT IN (SELECT a.person_id FROM users a WHERE a.id = OLD.asked_by)) THEN
    RAISE EXCEPTION 'a resumption is signed once, by a second person' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "resumptions_guard" BEFORE UPDATE ON "resumptions" FOR EACH ROW EXECUTE FUNCTION "resumptions_guard"();

-- ───────────────────────────────────────────── ledger
INSERT INTO "ledger_kinds" ("kind", "moves_epoch") VALUES
  ('kill.acknowledged', false),
  ('breaker.opened', true), ('breaker.closed', true),
  ('release.asked', false), ('release.withdrawn', false), ('release.signed', true),
  ('drill.planned', false), ('drill.unplanned', false), ('drill.started', false), ('drill.finished', false),
  ('resumption.asked', false), ('resumption.signed', true);
-- A breaker that changes without its event would leave gateways deciding by the old one.
CREATE CONSTRAINT TRIGGER "breakers_require_epoch_event" AFTER INSERT OR UPDATE OR DELETE ON "breakers"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "require_epoch_event"();
CREATE CONSTRAINT TRIGGER "approvals_require_epoch_event" AFTER INSERT ON "approvals"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.tier = 4) EXECUTE FUNCTION "require_epoch_event"();
-- Nor does a policy go out of force in any way without one.
CREATE CONSTRAINT TRIGGER "policies_in_force_require_epoch_event" AFTER UPDATE ON "policies"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.status = 'active') EXECUTE FUNCTION "require_epoch_event"();
CREATE CONSTRAINT TRIGGER "resumptions_require_epoch_event" AFTER UPDATE ON "resumptions"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "require_epoch_event"();

-- ───────────────────────────────────────────── the three roles' rights
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
GRANT SELECT ON "gateways", "gateway_installs", "breakers", "resumptions" TO countersign_gateway;
GRANT EXECUTE ON FUNCTION "gateway_says", "breaker_count", "breaker_open" TO countersign_gateway;

-- Times are the database's, and what a drill measured is written when it ends.
GRANT SELECT, INSERT ("kill_id", "last_ms", "detected_ms", "gateways", "silent") ON "kill_acknowledgements" TO countersign_web;
GRANT SELECT ON "gateways", "gateway_installs", "breaker_windows", "breakers", "release_requests", "drill_plans", "drills", "resumptions" TO countersign_web;
GRANT DELETE ON "breaker_windows" TO countersign_web;
GRANT EXECUTE ON FUNCTION "breaker_open_again", "gateways_forget" TO countersign_web;
GRANT UPDATE ("state", "closed_at", "closed_by") ON "breakers" TO countersign_web;
GRANT INSERT ("id", "workflow_id", "decision_id", "agent_id", "valid_minutes", "reason", "asked_by", "asked_as") ON "release_requests" TO countersign_web;
GRANT UPDATE ("status", "signed_by", "signed_as", "signed_reason", "approval_id") ON "release_requests" TO countersign_web;
GRANT INSERT ("id", "agent_id", "every_days", "next_at", "from_hour", "to_hour", "confirmed_by", "made_by") ON "drill_plans" TO countersign_web;
GRANT INSERT ("id", "plan_id", "agent_id", "asked_by", "kill_id", "finished_at", "outcome", "why") ON "drills" TO countersign_web;
GRANT UPDATE ("next_at", "active", "changed_at") ON "drill_plans" TO countersign_web;
GRANT UPDATE ("finished_at", "outcome", "why", "last_ms", "gateways", "silent") ON "drills" TO countersign_web;
-- Of a stop nothing is ever changed but that it was lifted.
REVOKE INSERT, UPDATE ON "kill_switches" FROM countersign_web;
GRANT INSERT ("id", "scope", "target", "reason", "set_by", "detected_at", "source_type", "source_id", "drill_id") ON "kill_switches" TO countersign_web;
GRANT UPDATE ("lifted_by", "lifted_at", "lift_reason") ON "kill_switches" TO countersign_web;
-- Nothing is ever asked and signed at once.
GRANT INSERT ("id", "outside_origin", "outside_size", "outside_root", "kept_size", "head_size", "refused", "asked_by", "asked_as_operator", "reason") ON "resumptions" TO countersign_web;
GRANT UPDATE ("signed_by", "signed_at", "signed_reason") ON "resumptions" TO countersign_web;
-- An authorisation of a halted action is an approval made signed (approvals_guard_insert); every other one is asked for by the commit.
GRANT INSERT ("id", "decision_id", "decision_seq", "agent_id", "process_id", "workflow_id", "action_type", "asker", "digest", "tier", "deciding", "status", "requested_at",
  "expires_at", "decided_at", "decided_by", "reason") ON "approvals" TO countersign_web;
