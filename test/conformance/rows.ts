/** The program's own table of consumers against the real ones, row by row. */
import type { Consumer as Row } from '../../src/clients/refusal.ts';
import { RULES } from '../../src/rules/index.ts';
import { laxerFor, stricterFor } from './allowed.ts';
import { type Consumer, type LintResult, rowOf } from './checked.ts';

/** Where the table may say otherwise than those that are asked here. */
export interface OtherAnswer {
  id: string;
  reason: string;
  rows: readonly Row[];
  /** The rules for which the row refuses, where nobody who was asked does; null where it accepts what they refuse. */
  rules: readonly string[] | null;
  when(checked: LintResult, refusals: readonly string[]): boolean;
}

const always = (): boolean => true;

/** The rules after which a value is not checked further. */
const STOPPING = new Set(RULES.filter(({ stops }) => stops).map(({ id }) => id));

export const OTHER_ANSWERS: readonly OtherAnswer[] = [
  {
    id: 'own-verifiers',
    rows: ['browser'],
    rules: [
      'cert-critical-extension',
      'cert-nonstandard',
      'cert-not-for-servers',
      'cert-unreadable',
      'cert-weak-signature',
      'chain-broken',
      'chain-not-a-ca',
      'chain-order',
      'key-unsupported',
      'key-weak',
    ],
    when: always,
    reason:
      'Chrome, Safari and Firefox verify with code of their own, which is stricter than that of BoringSSL, which is asked here; their rows were measured in Chromium or read in the sources',
  },
  {
    id: 'common-name',
    rows: ['openssl', 'browser'],
    rules: ['cert-no-san'],
    when: always,
    reason:
      'Node and curl still read the common name where there is no subject alternative name; Python and browsers do not',
  },
  {
    id: 'apple',
    rows: ['browser'],
    rules: ['cert-validity-long'],
    when: always,
    reason: 'Safari on macOS and iOS refuses more than 825 days, as Apple documents; it is not asked here',
  },
  {
    id: 'host-of-others',
    rows: ['openssl', 'go', 'java', 'browser'],
    rules: ['cert-host-mismatch'],
    when: always,
    reason: 'clients differ in which malformed names they match; the program takes what OpenSSL matches',
  },
  {
    id: 'java-signatures',
    rows: ['java'],
    rules: ['chain-broken'],
    when: ({ family }) => family.startsWith('fields'),
    reason:
      'Java verifies signatures with odd algorithm parameters or unused bits; the program verifies with OpenSSL, and says it of all',
  },
  {
    id: 'conditions-of-the-root',
    rows: ['openssl', 'java'],
    rules: ['cert-critical-extension', 'cert-nonstandard', 'chain-broken', 'chain-not-a-ca'],
    when: ({ family }) => family.startsWith('fields'),
    reason:
      'OpenSSL and Java look at less of a root, and of a distribution point, than the program, which takes one set of conditions for all',
  },
  {
    id: 'first-fault',
    rows: ['helm', 'kubernetes', 'openssl', 'nginx', 'go', 'java', 'browser'],
    rules: null,
    when: ({ errors }) => errors.some((rule) => STOPPING.has(rule)),
    reason:
      'after such an error in a value the rules that would name this consumer are not asked; the value is refused already',
  },
  {
    id: 'mismatched-key',
    rows: ['java', 'browser'],
    rules: null,
    when: ({ errors }) => errors.includes('key-mismatch'),
    reason: 'the server starts with a key of another kind, and then no handshake succeeds',
  },
  {
    id: 'key-of-another-kind',
    rows: ['openssl', 'nginx'],
    rules: ['key-mismatch'],
    when: always,
    reason: 'OpenSSL loads a key of another kind than the certificate has, and no handshake succeeds then',
  },
  {
    id: 'where-base64-fails',
    rows: ['helm', 'kubernetes'],
    rules: ['base64-invalid', 'base64-not-encoded', 'base64-wrapped', 'placeholder', 'values-type'],
    when: ({ refusals }) => refusals.size > 0,
    reason:
      'one form fails in Helm, the other in Kubernetes or when it is loaded; the rule names all of them',
  },
  {
    id: 'security-level',
    rows: ['openssl', 'nginx', 'java', 'browser'],
    rules: ['key-weak'],
    when: always,
    reason:
      'how short a key may be depends on the security level of each build: Debian has 2, Node 1; the program goes by the stricter',
  },
  {
    id: 'security-level-of-nginx',
    rows: ['nginx'],
    rules: null,
    when: ({ errors }) => errors.includes('cert-not-for-servers'),
    reason:
      "a CA certificate in a server's place is all that is said; Debian's nginx does not load a SHA-1 signature above it either",
  },
  {
    id: 'later-openssl',
    rows: ['openssl', 'nginx'],
    rules: ['cert-weak-signature'],
    when: () => !/^3\.[01]\./.test(process.versions.openssl),
    reason:
      'OpenSSL 3.5, which Node 22 and newer have, loads a certificate signed with SHA-1, and SHA-3 too; 3.0, which nginx runs, does not',
  },
  {
    id: 'merged-constraints',
    rows: ['java'],
    rules: ['cert-critical-extension'],
    when: ({ name }) => name.includes('that permits') && name.includes('that excludes'),
    reason:
      'Java merges what several CAs permit and exclude, and so accepts a name that one of them does not permit',
  },
  {
    id: 'dsa-under-another-label',
    rows: ['openssl', 'go', 'java', 'browser'],
    rules: null,
    when: ({ name }) => name.includes('leaf dsa'),
    reason: 'of a DSA key whose label is wrong the label alone is said; every client refuses DSA',
  },
  {
    id: 'other-labels',
    rows: ['go', 'nginx', 'openssl'],
    rules: ['key-unreadable', 'key-format'],
    when: always,
    reason: 'Go reads a key whose label is that of another form, and OpenSSL some of them',
  },
  {
    id: 'one-reader',
    rows: ['openssl', 'nginx', 'go', 'java', 'browser'],
    rules: ['cert-unreadable'],
    when: always,
    reason: 'one consumer refuses the bytes; the program cannot read them either, and speaks for all',
  },
];

/** How a row of the table and those that were asked stand to each other. */
export interface RowAgreement {
  row: Row;
  kind: 'both accept' | 'both refuse' | 'stricter' | 'laxer';
  /** The lines that explain a difference. */
  allowed: readonly string[];
  /** Empty where some line explains it, or there is none. */
  unexplained: string;
}

/** Consumers that shake hands; without one of them nobody knows what clients say. */
const HANDSHAKES: readonly Consumer[] = ['TLS 1.2 client', 'TLS 1.3 client', 'node', 'curl'];

/** Compares each row whose consumers were asked. */
export function rowAgreements(checked: LintResult): RowAgreement[] {
  const { answers, asked, refusals } = checked;
  return answers.flatMap(({ id: row, accepts, because }): RowAgreement[] => {
    const own = [...asked].filter((consumer) => rowOf(consumer) === row);
    const refusing = own.filter((consumer) => refusals.has(consumer));
    const isAsked = row === 'openssl' ? own.some((each) => HANDSHAKES.includes(each)) : own.length > 0;
    if (refusing.length === 0 && !isAsked) return [];
    const isRefused = refusing.length > 0;
    if (accepts !== isRefused) return [agreed(row, isRefused ? 'both refuse' : 'both accept')];
    if (isRefused) return [laxer(checked, row, refusing)];
    // Of OpenSSL's clients curl alone refuses some.
    if (because.includes('cert-nonstandard') && row === 'openssl' && !asked.has('curl')) return [];
    return [stricter(checked, row, because)];
  });
}

const agreed = (row: Row, kind: RowAgreement['kind']): RowAgreement => ({
  row,
  kind,
  allowed: [],
  unexplained: '',
});

function laxer(checked: LintResult, row: Row, refusing: readonly Consumer[]): RowAgreement {
  const why = refusing.map((consumer) => checked.refusals.get(consumer) ?? '');
  const line = OTHER_ANSWERS.find(
    ({ rows, rules, when }) => rules === null && rows.includes(row) && when(checked, why),
  );
  const ids = refusing.map((consumer, at) => line?.id ?? laxerFor(checked, consumer, why[at] ?? ''));
  const left = refusing.filter((_, at) => ids[at] === undefined);
  return {
    row,
    kind: 'laxer',
    allowed: [...new Set(ids.filter((id) => id !== undefined))],
    unexplained: left.map((consumer) => `${consumer}: ${checked.refusals.get(consumer)}`).join('; '),
  };
}

function stricter(checked: LintResult, row: Row, because: readonly string[]): RowAgreement {
  const ids = because.map(
    (rule) =>
      OTHER_ANSWERS.find(
        ({ rows, rules, when }) => rules?.includes(rule) && rows.includes(row) && when(checked, []),
      )?.id ?? stricterFor(checked, rule),
  );
  return {
    row,
    kind: 'stricter',
    allowed: [...new Set(ids.filter((id) => id !== undefined))],
    unexplained: because.filter((_, at) => ids[at] === undefined).join(', '),
  };
}
