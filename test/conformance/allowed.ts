/** Where the program and the consumers may disagree: each line with its reason, and as narrow as it can be. */
import { parse } from 'yaml';
import { type Made, valuesYaml } from './case.ts';
import { CONSUMERS, type Consumer, type LintResult, rowOf } from './checked.ts';

/** The program finds an error in what all consumers accept. */
export interface Stricter {
  id: string;
  reason: string;
  /** The rule that is stricter, and the cases in which it may be. */
  rule: string;
  when(checked: LintResult): boolean;
}

/** The program finds no error in what some consumer refuses. */
export interface Laxer {
  id: string;
  reason: string;
  /** Whose refusal it explains, and in which cases. */
  consumers: readonly Consumer[];
  when(checked: LintResult, refusal: string): boolean;
}

const LOADERS: readonly Consumer[] = ['OpenSSL', 'OpenSSL at level 2', 'openssl', 'nginx', 'go'];
const RENDERERS: readonly Consumer[] = ['Helm 3', 'Helm 4', 'Kubernetes base64'];
/** All others: those that shake hands. */
const CLIENTS = CONSUMERS.filter((each) => !LOADERS.includes(each) && !RENDERERS.includes(each));
const always = (): boolean => true;

/** Both values as YAML gives them. */
function textsOf(made: Made): [crt: string, key: string] {
  const { crt, key } = parse(valuesYaml(made), { version: '1.1' }).certificate.tls;
  return [String(crt), String(key)];
}

/** Both files of a case whose values are base64. */
function filesOf({ made }: LintResult): [crt: string, key: string] {
  const [crt, key] = textsOf(made).map((text) => Buffer.from(text, 'base64').toString('latin1'));
  return [crt ?? '', key ?? ''];
}

/** The rules for which browsers refuse by code of their own. */
const OWN_VERIFIERS = ['cert-nonstandard', 'cert-not-for-servers'] as const;

/** Names of cases of `rare-encodings`. */
const RARE = [
  'algorithm of RSA in both',
  'algorithm with other parameters',
  'basic constraints with a negative path length',
  'indefinite length',
  'key of RSA',
  'key with unused bits',
  'permits all DNS names',
  'permits its domain with a full stop',
  'policy mappings of any policy',
  'signature with unused bits',
];

export const STRICTER: readonly Stricter[] = [
  {
    id: 'order',
    rule: 'chain-order',
    when: always,
    reason:
      'clients put the certificates above the leaf in order by themselves; the page wants leaf, intermediates, root',
  },
  {
    id: 'lone-leaf',
    rule: 'chain-incomplete',
    when: ({ traits }) => traits.includes('lone leaf below its root'),
    reason:
      'the file does not tell that the issuer of a leaf alone is the root itself; the page wants the whole chain',
  },
  {
    id: 'other-root',
    rule: 'chain-broken',
    when: ({ traits }) =>
      traits.includes('other root of the name') || traits.includes('root changed after signing'),
    reason:
      'clients take their own copy of the root and leave the wrong one in the file alone; the page wants the right one',
  },
  ...OWN_VERIFIERS.map(
    (rule): Stricter => ({
      id: `own-verifiers: ${rule}`,
      rule,
      when: ({ answers }) => answers.every(({ id, accepts }) => accepts || id === 'browser'),
      reason:
        'Chromium or Firefox refuses it, as measured or read in the source; those asked here are BoringSSL with their hello',
    }),
  ),
  {
    id: 'own-reader',
    rule: 'cert-unreadable',
    when: ({ family }) => family.startsWith('fields'),
    reason:
      'bytes that are not DER of one certificate (bytes after it, needless length bytes, the year 0): those asked take them, other readers do not',
  },
  {
    id: 'own-reader-of-roots',
    rule: '--ca-file',
    when: ({ family }) => family.startsWith('fields'),
    reason: 'the same in --ca-file',
  },
  {
    id: 'root-conditions',
    rule: 'chain-broken',
    when: ({ family }) => family === 'fields of the root',
    reason:
      "clients do not look at a trusted root's signature and key identifiers; the page wants a right root",
  },
  {
    id: 'root-extensions',
    rule: 'cert-critical-extension',
    when: ({ family }) => family === 'fields of the root',
    reason: 'OpenSSL knows more critical extensions than the other clients',
  },
  {
    id: 'root-encoding',
    rule: 'cert-nonstandard',
    when: ({ family }) => family === 'fields of the root',
    reason: 'whether a client parses a root of the file depends on whether it reads it at all',
  },
  {
    id: 'expired-root',
    rule: 'cert-expired',
    when: ({ traits }) => traits.includes('an expired root in the file'),
    reason:
      'the root in the file has expired; that clients have another one cannot be seen from the file, unless it is public or in --ca-file',
  },
  {
    id: 'empty-extensions',
    rule: 'cert-nonstandard',
    when: ({ name }) => name.startsWith('an empty list of extensions'),
    reason: 'RFC 5280 wants at least one extension where the field is there; those asked take none',
  },
  {
    id: 'sec1',
    rule: 'key-format',
    when: (checked) => filesOf(checked)[1].includes('-----BEGIN EC PRIVATE KEY-----'),
    reason: 'OpenSSL loads SEC1 keys; the page allows PKCS#1 and PKCS#8 only',
  },
  {
    id: 'old-issuer-key',
    rule: 'key-unsupported',
    when: ({ traits }) => traits.includes('issuer with an old key'),
    reason: 'OpenSSL verifies signatures of CA keys that other TLS clients (Java) no longer know',
  },
  {
    id: 'weak-issuer-key',
    rule: 'key-weak',
    when: ({ traits }) => traits.includes('issuer with an old key'),
    reason: 'OpenSSL takes P-224 for a CA key; others do not',
  },
  {
    id: 'foreign-block',
    rule: 'pem-wrong-block',
    when: always,
    reason:
      'OpenSSL passes over a block that does not belong; not all readers do, and a key in tls.crt is no longer private',
  },
  {
    id: 'damaged-block',
    rule: 'pem-malformed',
    when: (checked) =>
      filesOf(checked).some((text) => (text.match(/(BEGIN|END) [A-Z ]+-/gi) ?? []).length > 2),
    reason:
      'OpenSSL passes over a damaged block, or reads no further than the key, where a whole one serves it; other readers stop at the damage',
  },
  {
    id: 'unquoted-template',
    rule: 'base64-invalid',
    when: ({ made }) => textsOf(made).some((text) => /^(".*"|'.*'|[^ ]+ # .*)$/.test(text.trim())),
    reason:
      'quotes or a comment within the value are read by YAML only because the chart writes it unquoted; the value is not base64',
  },
  {
    id: 'kept-line-break',
    rule: 'base64-wrapped',
    when: ({ made }) => textsOf(made).some((text) => /^[^\s]+\n\n +[^\s]+$/.test(text)),
    reason:
      'an empty line and an indentation within the value become a line break in what is rendered, and Kubernetes skips that; any other white space fails',
  },
  {
    id: 'other-clock',
    rule: 'cert-not-yet-valid',
    when: ({ made }) => made.options?.at !== undefined,
    reason: 'linted at a time of --at; consumers have the time of the clock',
  },
];

export const LAXER: readonly Laxer[] = [
  {
    id: 'top-cut-off',
    consumers: CLIENTS,
    when: ({ traits, warnings }) => traits.includes('top cut off') && warnings.includes('chain-no-root'),
    reason:
      'that an intermediate is missing at the top, not the root alone, cannot be seen from the file: chain-no-root warns',
  },
  {
    id: 'other-root-trusted',
    consumers: CLIENTS,
    when: ({ traits }) => traits.includes('trust in another root'),
    reason:
      'the chain is whole up to its own root; that a client trusts only another one cannot be seen from the file',
  },
  {
    id: 'unknown-root-expired',
    consumers: CLIENTS,
    when: ({ family }) => family.startsWith('random topologies'),
    reason:
      'the only root that clients have is not in the file and has expired, which the file does not tell',
  },
  {
    id: 'not-in-use',
    consumers: ['go'],
    when: ({ answers }) => answers.some(({ id, inUse }) => id === 'go' && inUse === false),
    reason: 'no Ingress is rendered, so no Ingress controller reads the Secret: a warning at most',
  },
  {
    id: 'no-names',
    consumers: ['chrome', 'firefox', 'safari'],
    when: ({ warnings }, refusal) => warnings.includes('cert-no-san') && /leaf has no SANs/.test(refusal),
    reason: 'a leaf without a subject alternative name is a warning, below name constraints too',
  },
  {
    id: 'rare-encodings',
    consumers: ['go', ...CLIENTS],
    when: ({ family, name }) => family.startsWith('fields') && RARE.some((each) => name.startsWith(each)),
    reason: 'known gaps: forms that no CA makes, each of which a single client refuses beside what is found',
  },
  {
    id: 'unresolved',
    consumers: RENDERERS,
    when: ({ warnings }) => warnings.includes('values-unresolved'),
    reason:
      'a value that is to be filled in later is not checked, and values-unresolved says so; in the gate it is an error',
  },
  {
    id: 'keystore-password',
    consumers: LOADERS,
    when: ({ errors, warnings }) => [...errors, ...warnings].includes('key-encrypted'),
    reason: 'the router opens the key with keystore_password; it is not given to the OpenSSL here',
  },
];

/** How program and consumers stand to each other in one case. */
export interface Agreement {
  kind: 'both accept' | 'both refuse' | 'stricter' | 'laxer';
  /** The allowed disagreements that explain it. */
  allowed: readonly string[];
  /** What none of them explains, for a person. */
  unexplained: readonly string[];
}

/** Compares an error or its absence with the refusals or theirs. */
export function agreement(checked: LintResult): Agreement {
  const { errors, refusals } = checked;
  if (errors.length > 0 && refusals.size > 0) return { kind: 'both refuse', allowed: [], unexplained: [] };
  if (errors.length > 0)
    return explained('stricter', errors, (rule) => stricterFor(checked, rule) ?? notAskedFor(checked, rule));
  if (refusals.size === 0) return { kind: 'both accept', allowed: [], unexplained: [] };
  const found = [...refusals].map(([consumer, why]) => `${consumer}: ${why}`);
  const ids = [...refusals].map(([consumer, why]) => laxerFor(checked, consumer, why));
  return explained('laxer', found, (_, at) => ids[at]);
}

function explained(
  kind: Agreement['kind'],
  found: readonly string[],
  idOf: (each: string, at: number) => string | undefined,
): Agreement {
  const ids = found.map(idOf);
  return {
    kind,
    allowed: [...new Set(ids.filter((id) => id !== undefined))],
    unexplained: found.filter((_, at) => ids[at] === undefined),
  };
}

/** The line that explains an error of a rule. */
export const stricterFor = (checked: LintResult, rule: string): string | undefined =>
  STRICTER.find((each) => each.rule === rule && each.when(checked))?.id;

/** The line that explains that a consumer refuses without an error. */
export const laxerFor = (checked: LintResult, consumer: Consumer, refusal: string): string | undefined =>
  LAXER.find(({ consumers, when }) => consumers.includes(consumer) && when(checked, refusal))?.id;

/** Where the table names a consumer for the rule that this machine does not have. */
function notAskedFor({ answers, asked }: LintResult, rule: string): string | undefined {
  const rows = new Set<string>([...asked].map(rowOf));
  const isOpen = answers.some(({ id, because }) => because.includes(rule) && !rows.has(id));
  const isCurl = rule === 'cert-nonstandard' && !asked.has('curl');
  return isOpen || isCurl ? 'not asked' : undefined;
}
