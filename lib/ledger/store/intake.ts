/** The one method of a Prisma transaction (or of anything that can run a statement in one) that appending needs. */
export type IntakeWriter = { $executeRaw(query: TemplateStringsArray, ...values: unknown[]): Promise<number> };

export type IntakeRow = { kind: string; subject: string; payload: string; salted: Buffer | undefined; sealed: Buffer | undefined };

/** insertIntake hands an event to the deferred trigger that chains it at COMMIT. */
export async function insertIntake(tx: IntakeWriter, row: IntakeRow): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO ledger_intake (kind, subject, payload, salted, sealed)
    VALUES (${row.kind}, ${row.subject}, convert_to(${row.payload}, 'UTF8'), ${row.salted ?? null}::bytea, ${row.sealed ?? null}::bytea)`;
}
