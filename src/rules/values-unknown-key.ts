import schema from '../../schema/values.schema.json';
import { count } from '../text/amount.ts';
import { nearest } from '../text/nearest.ts';
import type { Entry } from '../values/values.ts';
import { type Context, type RuleFinding, rule } from './rule.ts';
import { missingLink } from './shared/chain.ts';
import { issuersApart } from './shared/misplaced.ts';
import { values } from './shared/needs.ts';
import { measured } from './shared/sources.ts';
import { misspeltCertificate } from './shared/target.ts';

const certificateSchema = schema.properties.certificate.properties;
const CERTIFICATE_KEYS = Object.keys(certificateSchema);
const TLS_KEYS = Object.keys(certificateSchema.tls.properties);

/** Names under which people write `crt` and `key`: those of the Secret's own keys, and of other charts. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['tls.crt', 'tls.crt'],
  ['tls.key', 'tls.key'],
  ['cert', 'tls.crt'],
  ['certificate', 'tls.crt'],
  ['chain', 'tls.crt'],
  ['fullchain', 'tls.crt'],
  ['crt', 'tls.crt'],
  ['privatekey', 'tls.key'],
  ['private_key', 'tls.key'],
  ['key', 'tls.key'],
  ['existingsecret', 'existing_cert'],
  ['existing_secret', 'existing_cert'],
  ['secretname', 'existing_cert'],
  ['secret_name', 'existing_cert'],
]);

export const valuesUnknownKey = rule({
  id: 'values-unknown-key',
  severity: 'warning',
  refusedBy: [],
  stage: 'values',
  title: 'a key that the chart does not read',
  means:
    'The chart does not read a key under certificate or certificate.tls, or a key at the top looks like a misspelt `certificate`. The nearest key that it does read is named.',
  why: 'Helm and the chart silently ignore unknown keys: their values have no effect.',
  sources: [
    measured('the chart reads existing_cert, security_pinned_hashes, tls.crt and tls.key, and nothing else'),
  ],
  bad: 'certificate:\n  existingCert: my-tls-secret',
  good: 'certificate:\n  existing_cert: my-tls-secret',
  fix: 'Rename the key to the one that the chart reads, or remove it.',
  needs: values('certificate', 'tls'),
  check(context) {
    const { target, showPath } = context;
    const { values, root, settings } = target;
    const [certificate, tls] = [settings.certificate.path, settings.tls.path];
    const issuers = issuersApart(target);
    const apart = new Set(issuers.map(({ path }) => path.join('\0')));
    const isOther = ({ path }: Entry) => !apart.has(path.join('\0'));
    const { chain } = target.material ?? {};
    return [
      // Where they are needed, `chain-incomplete` says so.
      ...(chain && missingLink(chain) ? [] : issuerFindings(issuers, context)),
      ...misspeltCertificate(target).map((entry) => finding(entry, [...root, 'certificate'], showPath)),
      ...unknown(values.entries(certificate).filter(isOther), CERTIFICATE_KEYS, certificate, showPath),
      ...unknown(values.entries(tls).filter(isOther), TLS_KEYS, tls, showPath),
    ];
  },
});

function issuerFindings(issuers: readonly Entry[], { path, showPath }: Context): RuleFinding[] {
  const [first, ...others] = issuers;
  if (!first) return [];
  const names = issuers.map((each) => showPath(each.path)).join(' and ');
  return [
    {
      message: `${names} ${others.length > 0 ? 'hold certificates' : 'holds a certificate'} that the chart does not read. The certificates above the leaf belong after it in ${path('crt')}; here they are never sent.`,
      help: `Add them to ${path('crt')}, after the leaf (encode --add takes their files), and remove ${names}.`,
      location: first.keyLocation,
      path: first.path,
      related: others.map((each) => ({ location: each.keyLocation, path: each.path })),
    },
  ];
}

/** Unknown keys of one mapping that each have a finding of their own: nobody reads more. */
const MOST_LISTED = 100;

function unknown(
  entries: readonly Entry[],
  known: readonly string[],
  parent: readonly string[],
  showPath: Context['showPath'],
): RuleFinding[] {
  const all = entries.filter((entry) => !known.includes(lastOf(entry)));
  const listed = all.slice(0, MOST_LISTED);
  const further = all.length - listed.length;
  return [
    ...listed.map((entry) => finding(entry, meantBy(lastOf(entry), known, parent), showPath)),
    ...all.slice(MOST_LISTED, MOST_LISTED + 1).map(({ keyLocation, path }) => ({
      message: `The chart does not read ${count(further, 'further key')} of ${showPath(parent)}. On install, what they hold would have no effect.`,
      help: 'Remove them, or move them to where they are read.',
      location: keyLocation,
      path,
    })),
  ];
}

function meantBy(name: string, known: readonly string[], parent: readonly string[]): string[] | null {
  const inTls = parent.at(-1) === 'tls';
  const synonym = SYNONYMS.get(name.toLowerCase());
  if (synonym !== undefined && !(inTls && synonym === 'existing_cert')) {
    const certificate = inTls ? parent.slice(0, -1) : parent;
    return [...certificate, ...synonym.split('.')];
  }
  const candidate = nearest(name, known);
  return candidate === null ? null : [...parent, candidate];
}

function finding(entry: Entry, meant: readonly string[] | null, showPath: Context['showPath']): RuleFinding {
  const name = lastOf(entry);
  if (name.includes('.') && meant?.join('.') === entry.path.join('.'))
    return dottedKey(entry, name, showPath);
  const hint = meant ? `; it reads ${showPath(meant)}` : '';
  return {
    message: `The chart does not read the key ${showPath(entry.path)}${hint}. On install, its value would have no effect.`,
    help: meant
      ? `Rename it to ${showPath(meant)}, or remove it.`
      : 'Remove it, or move it to where it is read.',
    location: entry.keyLocation,
    path: entry.path,
  };
}

function dottedKey(entry: Entry, name: string, showPath: Context['showPath']): RuleFinding {
  const [parent, child] = name.split('.');
  return {
    message: `${showPath(entry.path.slice(0, -1))} has one key "${showPath([name])}" with a dot in its name, which the chart does not read. On install, its value would have no effect.`,
    help: `Write two keys, one under the other:\n  ${parent}:\n    ${child}: "…"`,
    location: entry.keyLocation,
    path: entry.path,
  };
}

function lastOf(entry: Entry): string {
  return entry.path.at(-1) ?? '';
}
