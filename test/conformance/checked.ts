/** A case, linted, and tried by all that consume it. */
import type { Consumer as Row } from '../../src/clients/refusal.ts';
import type { ConsumerAnswer } from '../../src/lint/check.ts';
import { readCertificate } from '../../src/x509/certificate.ts';
import { readPem } from '../../src/x509/pem.ts';
import { type KnownRoots, publicRoots, rootsOf, together } from '../../src/x509/roots.ts';
import { decodeAsKubernetes, handshakeRefusals, loadRefusal } from '../support/consumers.ts';
import { lintText } from '../support/lint.ts';
import { type Case, HOST, type Made, valuesYaml } from './case.ts';
import type { Asker } from './oracles/index.ts';
import type { Rendered, RenderedBy } from './rendering.ts';

/** Those that consume the values, in the order in which they do. */
export const CONSUMERS = [
  'Helm 3',
  'Helm 4',
  'Kubernetes base64',
  'OpenSSL',
  'OpenSSL at level 2',
  'TLS 1.2 client',
  'TLS 1.3 client',
  'openssl',
  'nginx',
  'go',
  'node',
  'curl',
  'java-8',
  'java-11',
  'java-17',
  'java-21',
  'java-25',
  'chrome',
  'firefox',
  'safari',
] as const;
export type Consumer = (typeof CONSUMERS)[number];

const ROWS: Readonly<Partial<Record<Consumer, Row>>> = {
  'Helm 3': 'helm',
  'Helm 4': 'helm',
  'Kubernetes base64': 'kubernetes',
  'OpenSSL at level 2': 'nginx',
  nginx: 'nginx',
  go: 'go',
  chrome: 'browser',
  firefox: 'browser',
  safari: 'browser',
};

/** What the program calls them in its own table of consumers. */
export function rowOf(consumer: Consumer): Row {
  return ROWS[consumer] ?? (consumer.startsWith('java-') ? 'java' : 'openssl');
}

/** What the program found, and who refused; a consumer that could not be asked any more has not refused. */
export interface LintResult extends Pick<Case, 'name' | 'family' | 'traits'> {
  made: Made;
  /** Identifiers of rules. */
  errors: readonly string[];
  warnings: readonly string[];
  /** The program's own table; empty where it looked at none. */
  answers: readonly ConsumerAnswer[];
  refusals: ReadonlyMap<Consumer, string>;
  asked: ReadonlySet<Consumer>;
}

/** Lints a case and asks its consumers. */
export async function checked(
  { name, family, traits }: Case,
  made: Made,
  rendered: RenderedBy,
  askClients: Asker | null = null,
): Promise<LintResult> {
  const { rulesAt, answers } = await linted(made);
  return {
    name,
    family,
    traits,
    made,
    errors: rulesAt('error'),
    warnings: rulesAt('warning'),
    answers,
    ...(await asked(made, rendered, askClients)),
  };
}

interface Linted {
  /** The rules that find something, of a severity. */
  rulesAt(severity: string): string[];
  answers: readonly ConsumerAnswer[];
}

/** What the program says of a case. A `--ca-file` that cannot be read ends the run: an error. */
async function linted(made: Made): Promise<Linted> {
  const roots = made.caFile === undefined ? null : rootsIn(made.caFile);
  if (roots === 'unreadable')
    return { rulesAt: (severity) => (severity === 'error' ? ['--ca-file'] : []), answers: [] };
  const options = { ...made.options, ...(roots ? { roots } : {}) };
  const { findings, consumers } = await lintText(valuesYaml(made), options);
  return {
    rulesAt: (wanted) =>
      [...new Set(findings.filter(({ severity }) => severity === wanted).map(({ rule }) => rule))].sort(),
    answers: consumers,
  };
}

/** What `--ca-file` makes of a PEM text. */
function rootsIn(pem: string): KnownRoots | 'unreadable' {
  const read = readPem(Buffer.from(pem)).blocks.map((block, at) => readCertificate(block, at));
  const certificates = read.flatMap((each) => (each.ok ? [each.certificate] : []));
  return certificates.length < read.length
    ? 'unreadable'
    : together(rootsOf('ca-file', certificates), publicRoots());
}

async function asked(
  made: Made,
  rendered: RenderedBy,
  askClients: Asker | null,
): Promise<Pick<LintResult, 'refusals' | 'asked'>> {
  const refusals = new Map<Consumer, string>();
  const questions = new Set<Consumer>();
  const ask = (consumer: Consumer, refusal: string | null): void => {
    questions.add(consumer);
    if (refusal !== null && !refusals.has(consumer)) refusals.set(consumer, refusal);
  };
  const known = new Set<string>();
  for (const [helm, each] of rendered) {
    ask(helm as Consumer, 'refusal' in each ? each.refusal : null);
    if ('refusal' in each) continue;
    const files = filesOf(each);
    ask('Kubernetes base64', typeof files === 'string' ? files : null);
    // Both Helms mostly render the same.
    if (typeof files === 'string' || known.has(JSON.stringify(files))) continue;
    known.add(JSON.stringify(files));
    const [crt, key] = files;
    const refusal = loadRefusal(crt, key);
    ask('OpenSSL', refusal);
    ask('OpenSSL at level 2', loadRefusal(crt, key, 2));
    const host = made.options?.host ?? HOST;
    const answers = await askClients?.({ crt, key, roots: made.root, host });
    for (const [id, { accepts, because }] of answers ?? []) {
      if (accepts !== null) ask(id as Consumer, accepts ? null : because);
    }
    if (refusal !== null || made.root === null) continue;
    const [old, late] = await handshakeRefusals(crt, key, made.root, host, ['TLSv1.2', 'TLSv1.3']);
    ask('TLS 1.2 client', old ?? null);
    ask('TLS 1.3 client', late ?? null);
  }
  return { refusals, asked: questions };
}

/** The two files that Kubernetes would put before the pods, or why it takes the Secret for none. */
function filesOf(rendered: Extract<Rendered, { crt: unknown }>): [Buffer, Buffer] | string {
  try {
    return [decoded(rendered.crt), decoded(rendered.key)];
  } catch (error) {
    return (error as Error).message;
  }
}

/** Kubernetes takes a value that is null for an empty one. */
function decoded(value: unknown): Buffer {
  if (value === null || value === undefined) return Buffer.alloc(0);
  if (typeof value !== 'string') throw new Error('not a text');
  return decodeAsKubernetes(value);
}
