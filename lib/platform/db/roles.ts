import { escapeIdentifier, escapeLiteral, type ClientBase } from 'pg';

/** The three database roles: the owner migrates, the web role serves people and jobs, the gateway's reads and commits. */
export const databaseRoles = { owner: 'countersign_owner', web: 'countersign_web', gateway: 'countersign_gateway' } as const;
export const databaseName = 'countersign';

export type RolePasswords = { owner: string; web: string; gateway: string };

async function roleExists(client: ClientBase, name: string): Promise<boolean> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name]);
  return rowCount === 1;
}

/** setLogin makes the role able to sign in with exactly this password, creating it when missing. */
export async function setLogin(client: ClientBase, name: string, password: string, attributes = ''): Promise<void> {
  const verb = (await roleExists(client, name)) ? 'ALTER' : 'CREATE';
  await client.query(`${verb} ROLE ${escapeIdentifier(name)} LOGIN ${attributes} PASSWORD ${escapeLiteral(password)}`);
}

/** prepareCluster makes, as superuser, the three roles on a cluster that is ours alone. CREATEDB is for Prisma's shadow database. */
export async function prepareCluster(superuser: ClientBase, passwords: RolePasswords): Promise<void> {
  await setLogin(superuser, databaseRoles.owner, passwords.owner, 'CREATEDB');
  await setLogin(superuser, databaseRoles.web, passwords.web);
  await setLogin(superuser, databaseRoles.gateway, passwords.gateway);
}

/** createDatabase makes a database of the owner's, optionally a copy of `template`; true when it was missing. */
export async function createDatabase(superuser: ClientBase, name: string, template?: string): Promise<boolean> {
  const { rowCount } = await superuser.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (rowCount) return false;
  const from = template ? ` TEMPLATE ${escapeIdentifier(template)}` : '';
  await superuser.query(`CREATE DATABASE ${escapeIdentifier(name)} OWNER ${escapeIdentifier(databaseRoles.owner)}${from}`);
  return true;
}

/**
 * ensureRole prepares one role on somebody else's server, signed in as the owner of the database.
 * `login` is the user of DATABASE_URL_WEB or DATABASE_URL_GATEWAY when given: it must be, or be put into, the role that
 * migrations grant to. Throws one sentence that says what an administrator has to do.
 */
export async function ensureRole(owner: ClientBase, role: string, login: { user: string } | { password: string }): Promise<void> {
  const name = escapeIdentifier(role);
  try {
    if ('password' in login) return await setLogin(owner, role, login.password);
    if (!(await roleExists(owner, role))) await owner.query(`CREATE ROLE ${name} NOLOGIN`);
    const member = await owner.query<{ member: boolean }>("SELECT pg_has_role($1, $2, 'USAGE') AS member", [login.user, role]);
    if (!member.rows[0]?.member) await owner.query(`GRANT ${name} TO ${escapeIdentifier(login.user)}`);
  } catch (error) {
    const variable = role === databaseRoles.web ? 'DATABASE_URL_WEB' : 'DATABASE_URL_GATEWAY';
    const wish =
      'password' in login
        ? `CREATE ROLE ${role} LOGIN PASSWORD '…' and set ${variable}`
        : `CREATE ROLE ${role} NOLOGIN and GRANT ${role} TO ${login.user}`;
    throw new Error(
      `The user of DATABASE_URL may not prepare the role ${role} (${String(error instanceof Error ? error.message : error)}); as an administrator run: ${wish}.`,
      { cause: error },
    );
  }
}
