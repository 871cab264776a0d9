/** A case, judged by the program and tried by all that consume it. */
import { decodeAsKubernetes, handshakeRefusals, loadRefusal } from '../support/consumers.ts';
import { lintText } from '../support/lint.ts';
import { type Case, HOST, type Made, valuesYaml } from './case.ts';
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
] as const;
export type Consumer = (typeof CONSUMERS)[number];

/** What the program found, and who refused; a consumer that could not be asked any more has not refused. */
export interface LintResult extends Pick<Case, 'name' | 'family' | 'traits'> {
  made: Made;
  /** Identifiers of rules. */
  errors: readonly string[];
  warnings: readonly string[];
  refusals: ReadonlyMap<Consumer, string>;
  asked: ReadonlySet<Consumer>;
}

/** Judges a case and asks its consumers. */
export async function checked(
  { name, family, traits }: Case,
  made: Made,
  rendered: RenderedBy,
): Promise<LintResult> {
  const { findings } = await lintText(valuesYaml(made), made.options);
  const rulesAt = (wanted: string): string[] =>
    [...new Set(findings.filter(({ severity }) => severity === wanted).map(({ rule }) => rule.id))].sort();
  return {
    name,
    family,
    traits,
    made,
    errors: rulesAt('error'),
    warnings: rulesAt('warning'),
    ...(await asked(made, rendered)),
  };
}

async function asked(made: Made, rendered: RenderedBy): Promise<Pick<LintResult, 'refusals' | 'asked'>> {
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
    if (refusal !== null || made.root === null) continue;
    const host = made.options?.host ?? HOST;
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
