export type SignIn = { email: string; password: string };
export type Welcome = {
  root: string;
  home: string;
  environment: Readonly<Record<string, string>>;
  embedded: boolean;
  signIn: SignIn | undefined;
  /** The address at which the first administrator is made; where somebody lives already there is none. */
  claim?: string | undefined;
  sample: boolean;
};

/** An administrator of the sample. */
const sampleAdmin = 'grace@example.com';

const body = {
  action: { name: 'payments.schedule' },
  resource: { type: 'invoice', id: 'INV-1001' },
  context: {
    arguments: { invoice: 'INV-1001', vendor: 'V-88', amount: '120.00', currency: 'EUR' },
    summary: 'Pay invoice INV-1001',
    supported_obligations: ['report_outcome'],
  },
};

/** welcome is what a person needs after a start: where to look, how to sign in, a check to paste, where data lives. */
export function welcome({ root, home, environment, embedded, signIn, claim, sample }: Welcome): string {
  const door = claim ? `  begin      ${claim}` : `  sign in    ${environment['PUBLIC_URL']}/sign-in`;
  const lines = [
    '',
    `Countersign is running at ${environment['PUBLIC_URL']}`,
    signIn ? `  sign in    ${signIn.email} / ${signIn.password}` : door,
    ...(sample && signIn ? [`             ${sampleAdmin} / the same: may leave this sample organisation`] : []),
    `  agents     ${environment['GATEWAY_URL']}  (and the same paths on ${environment['PUBLIC_URL']})`,
    `  data       ${home}${embedded ? '' : ', and the database of DATABASE_URL'}`,
    '',
    ...(claim ? [] : asAgent(root, environment['GATEWAY_URL'] ?? '')),
    'Ctrl-C stops everything and keeps the data.',
    '',
  ];
  return lines.join('\n');
}

const asAgent = (root: string, gatewayUrl: string): string[] => [
  'Ask as an agent, in another terminal:',
  '',
  `TOKEN=$(npm --prefix ${quote(root)} run --silent token -- agt_invoices)`,
  `curl -s ${gatewayUrl}/api/check -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -d ${quote(JSON.stringify(body))}`,
  '',
];

const quote = (text: string) => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
