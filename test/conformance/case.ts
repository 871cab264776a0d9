/** What the conformance corpus is made of. */
import type { LintOptions } from '../../src/lint/lint.ts';
import { base64 } from '../support/values-yaml.ts';

/** The host that every pair is for, unless its options name another. */
export const HOST = 'lightrun.example.com';

/** The files of a pair before anything is done to them, and the root that its clients trust. */
export interface Files {
  crt: Buffer;
  key: Buffer;
  /** PEM; null where no client could ever trust the pair, so that no handshake is tried. */
  root: string | null;
}

/** A pair as it stands in values. */
export interface Made {
  /** YAML that follows `crt:` and `key:`, further lines indented by more than four columns. */
  crt: string;
  key: string;
  root: string | null;
  /** Lines of YAML behind the certificate. */
  more?: string;
  options?: Partial<LintOptions>;
  /** PEM of what `--ca-file` names. */
  caFile?: string;
}

/** What is known of a case from how it was made; named by those allowed disagreements that need it. */
export type Trait =
  /** The file holds the leaf alone, which the root itself has issued. */
  | 'lone leaf below its root'
  /** The root is left out, and so is what stands directly below it. */
  | 'top cut off'
  /** The clients trust a root that is not the one at the end of the chain. */
  | 'trust in another root'
  /** They trust one that is not in the file, which has one that has expired. */
  | 'an expired root in the file'
  /** The certificate at the end has the root's name, and is not the root. */
  | 'other root of the name'
  /** The signature of the root on itself does not verify. */
  | 'root changed after signing'
  /** A CA has a key of a curve or kind that is no longer in use, or a weak one. */
  | 'issuer with an old key';

/** One case of the corpus. Its files are made only when it is asked for: keys and signatures take time. */
export interface Case {
  /** Unlike any other's. */
  name: string;
  family: Family;
  traits: readonly Trait[];
  make(): Made;
}

/** The kind of the cases of test/rules/cases/. No figure of docs/conformance.md counts them: a new rule changes none. */
export const RULE_PAIRS = "pairs of the rules' tests";

/** The kinds of cases, in the order of the table. */
export const FAMILIES = [
  'orders of a chain',
  'parts of a chain',
  'doubled certificates',
  'cross-signed certificates',
  'same name, other key',
  'faults at one level',
  'faults at two levels',
  'key kinds and containers',
  'keys of other certificates',
  'mistakes in one value',
  'YAML styles',
  'a mistake in each value',
  'two mistakes in one value',
  'a mistake of the pair and one more',
  'a chain and a mistake',
  'a chain and a key',
  RULE_PAIRS,
] as const;

/** The kinds of cases that ask every client, in the order of the table. */
export const CLIENT_FAMILIES = [
  'random topologies',
  'random topologies, roots known',
  'key and signature kinds',
  'fields of the leaf',
  'fields of the intermediate',
  'fields of the root',
  'bundles of public CAs',
  'what tools make by default',
] as const;
export type Family = (typeof FAMILIES)[number] | (typeof CLIENT_FAMILIES)[number];

/** Something done to one value: to its file, to its base64, or to how that is written in YAML. */
export type Change =
  | { name: string; stage: 'file'; of(file: Buffer): Buffer | string }
  | { name: string; stage: 'text'; of(text: string, file: Buffer): string }
  | { name: string; stage: 'yaml'; of(text: string): string };

/** YAML for a file: its base64 on one line, unless changes of another stage each say otherwise. */
export function written(file: Buffer, changes: readonly Change[] = []): string {
  let bytes = file;
  for (const change of changes) if (change.stage === 'file') bytes = Buffer.from(change.of(bytes));
  let text = base64(bytes);
  for (const change of changes) if (change.stage === 'text') text = change.of(text, bytes);
  const style = changes.find((change) => change.stage === 'yaml');
  return style ? style.of(text) : yamlOf(text);
}

/** A text as people write it: plain on one line, a block where it has several, else in quotes. */
function yamlOf(text: string): string {
  if (/^[A-Za-z0-9+/=_-]{40,}$/.test(text)) return text;
  return text.includes('\n') && !/^\s/.test(text) ? `|\n${indented(text)}` : JSON.stringify(text);
}

/** Each line of a text six columns in, as a block scalar wants it. */
export const indented = (text: string): string => text.trimEnd().replace(/^(?=.)/gm, '      ');

/** The values file of a pair. */
export function valuesYaml({ crt, key, more = '' }: Made): string {
  return `certificate:\n  tls:\n    crt: ${crt}\n    key: ${key}\n${more}`;
}

/** Some of a list, spread evenly over it; all of it where it is not longer. */
export function spread<T>(list: readonly T[], count: number): T[] {
  if (list.length <= count) return [...list];
  return Array.from({ length: count }, (_, at) => list[Math.floor((at * list.length) / count)] as T);
}

/** Pseudo-random numbers from 0 to below 1, the same in every run (the `mulberry32` generator). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** As many different members of a list as wanted, picked by a seed. */
export function picked<T>(list: readonly T[], count: number, seed: number): T[] {
  const random = seeded(seed);
  const left = [...list];
  const chosen: T[] = [];
  while (chosen.length < count && left.length > 0) {
    const at = Math.floor(random() * left.length);
    chosen.push(left[at] as T);
    left[at] = left.at(-1) as T;
    left.pop();
  }
  return chosen;
}
