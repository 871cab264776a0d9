/** What the cases of the rules are made of: values as text, and pairs of certificate and key. */
import type { LintOptions } from '../../src/lint/lint.ts';
import type { FoundSecret, LiveSecret } from '../../src/values/live-secret.ts';
import { chain, type Issued, issue, key, pkcs8 } from './pki.ts';
import { base64, inlineYaml } from './values-yaml.ts';

/** A pair of certificate and key with the rules that have to find something in it. */
export interface Pair {
  name: string;
  /** The two values, base64 where they are right. */
  crt: string;
  key: string;
  /** Identifiers of rules, with `=severity` where it is not the rule's own. */
  expected: readonly string[];
  options?: Partial<LintOptions>;
  /** Lines of YAML after the certificate. */
  more?: string;
  /** The root that a client trusts, where there is one. */
  root?: Issued;
}

/** Values as text with the rules that have to find something in them. */
export interface ValuesCase {
  name: string;
  yaml: string;
  /** Identifiers of rules, with `=severity` where it is not the rule's own. */
  expected: readonly string[];
  options?: Partial<LintOptions>;
}

export type RuleCase = Pair | ValuesCase;

/** Values as text. */
export function valuesCase(
  name: string,
  yaml: string,
  expected: string[],
  options: Partial<LintOptions> = {},
): ValuesCase {
  return { name, yaml, expected, options };
}

/** What a pair may have besides. */
export type Extra = Pick<Pair, 'options' | 'more' | 'root'>;

/** A pair from PEM (or other bytes). */
export function pair(
  name: string,
  crt: string | Buffer,
  keyPem: string | Buffer,
  expected: string[],
  extra: Extra = {},
): Pair {
  return { name, crt: base64(crt), key: base64(keyPem), expected, ...extra };
}

const DAY = 24 * 60 * 60 * 1000;
/** A time so many days from now. */
export const days = (number: number): Date => new Date(Date.now() + number * DAY);
/** PEM of several certificates, in this order. */
export const join = (...certificates: Issued[]): string => certificates.map(({ pem }) => pem).join('');

/** The usual chain: leaf, intermediate, root. */
export const usual = chain();
export const { leaf, root, pem } = usual;
export const [intermediate] = usual.intermediates as [Issued];
export const KEY = pkcs8(leaf.privateKey);
/** What a client trusts where it knows the usual root. */
export const trusted = { root };

/** Other chains. */
export const rsa = chain({ keyKind: 'rsa2048', depth: 1, tag: 'rsa' });
export const four = chain({ depth: 4, tag: 'four' });
export const [int1, int2, int3] = four.intermediates as [Issued, Issued, Issued];
export const other = chain({ tag: 'other' });
export const otherIntermediate = other.intermediates[0] as Issued;

/** The usual chain with a leaf key of some kind. */
export function kindPair(
  name: string,
  kind: Parameters<typeof key>[0],
  expected: string[],
  format = pkcs8,
): Pair {
  const own = issue({ issuer: intermediate, key: key(kind, 7) });
  return pair(name, join(own, intermediate, root), format(own.privateKey), expected, trusted);
}

/** The usual chain with another leaf. */
export function leafPair(
  name: string,
  changes: Parameters<typeof issue>[0],
  expected: string[],
  extra: Extra = {},
): Pair {
  const own = issue({ issuer: intermediate, key: leaf.privateKey, ...changes });
  return pair(name, join(own, intermediate, root), KEY, expected, { ...trusted, ...extra });
}

/** A chain with another intermediate. */
export function intermediatePair(
  name: string,
  changes: Parameters<typeof issue>[0],
  expected: string[],
  extra: Extra = {},
  leafChanges: Parameters<typeof issue>[0] = {},
): Pair {
  const own = chain({ tag: name, intermediate: changes ?? {}, leaf: leafChanges });
  return pair(name, own.pem, pkcs8(own.leaf.privateKey), expected, { root: own.root, ...extra });
}

/** Values that set `general.lightrun_endpoint`. */
export function endpoint(host: string): Extra {
  return { more: `general:\n  lightrun_endpoint: "${host}"\n` };
}

/** A self-signed certificate and its key. */
export function selfSigned(changes: Parameters<typeof issue>[0]): [string, string] {
  const own = issue({ key: key('p256', 60), ...changes });
  return [own.pem, pkcs8(own.privateKey)];
}

/** The key of `root` certified by an old root. */
export const oldRoot = issue({ subject: 'CN=Old Root', key: key('p256', 50), ca: true });
export const crossRoot = issue({ subject: root.subject, key: root.privateKey, issuer: oldRoot, ca: true });

/** The usual pair as values hold it, and values with it that no rule finds anything in. */
export const CRT_VALUE = base64(pem);
export const KEY_VALUE = base64(KEY);
export const GOOD_YAML = inlineYaml(CRT_VALUE, KEY_VALUE);

/** Values with two scalars as they are written in YAML. */
export function tlsYaml(crt: string, key: string): string {
  return `certificate:\n  tls:\n    crt: ${crt}\n    key: ${key}\n`;
}

/** Values that name a Secret. */
export const SECRET_YAML = 'certificate:\n  existing_cert: my-tls\n';

/** That Secret in the cluster with the usual pair, changed; null where it does not exist. */
export function liveSecret(
  found: Partial<FoundSecret> | null,
  going: LiveSecret['going'] = null,
): LiveSecret {
  const good = {
    type: 'kubernetes.io/tls',
    keys: ['tls.crt', 'tls.key'],
    crt: CRT_VALUE,
    key: KEY_VALUE,
    ca: null,
    isImmutable: false,
    owner: null,
    release: null,
  };
  return {
    name: 'my-tls',
    namespace: 'prod',
    found: found && { ...good, ...found },
    going,
    isRendered: false,
    isNamespaceMissing: false,
  };
}

/** Values that name a Secret, and what the cluster holds. */
export function secretCase(name: string, live: LiveSecret, expected: string[]): ValuesCase {
  return valuesCase(name, SECRET_YAML, expected, { readSecret: async () => live });
}
