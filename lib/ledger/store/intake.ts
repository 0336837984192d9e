/** The one method of a Prisma transaction (or of anything that can run a statement in one) that appending needs. */
export type IntakeWriter = { $executeRaw(query: TemplateStringsArray, ...values: unknown[]): Promise<number> };

export type IntakeRow = { kind: string; subject: string; payload: string; salted: Buffer | undefined; sealed: Buffer | undefined };

/** insertIntake hands an event to the deferred trigger that chains it at COMMIT. */
export async function insertIntake(tx: IntakeWriter, row: IntakeRow): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO ledger_intake (kind, subject, payload, salted, sealed)
    VALUES (${row.kind}, ${row.subject}, convert_to(${row.payload}, 'UTF8'), ${row.salted ?? null}::bytea, ${row.sealed ?? null}::bytea)`;
}

export type PlainIntake = Pick<IntakeRow, 'kind' | 'subject' | 'payload'>;

/** insertIntakes hands many events over in one statement, in their order; none of them has words to seal. */
export async function insertIntakes(tx: IntakeWriter, rows: readonly PlainIntake[]): Promise<void> {
  // One text for all of them: an array of thousands of texts is written element by element by the client.
  await tx.$executeRaw`
    INSERT INTO ledger_intake (kind, subject, payload)
    SELECT kind, subject, convert_to(payload, 'UTF8')
    FROM ROWS FROM (json_to_recordset(${JSON.stringify(rows)}::json) AS (kind text, subject text, payload text)) WITH ORDINALITY
      AS given (kind, subject, payload, place) ORDER BY place`;
}
