import { createHash, createPublicKey } from 'node:crypto';
import { type Issued, issue, key, pkcs8 } from '../../support/pki.ts';
import { previous } from '../../support/previous.ts';
import { GOOD_YAML, leaf, type ValuesCase, valuesCase } from '../../support/rule-case.ts';
import { pemYaml } from '../../support/values-yaml.ts';

const other = issue({ key: key('p256', 90) });
const again = issue({ key: leaf.privateKey });
const yamlOf = (issued: Issued) => pemYaml(issued.pem, pkcs8(issued.privateKey));
const OTHER = yamlOf(other);

const [A = '', B = ''] = [leaf, other].map(({ privateKey }) => {
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('hex');
});
const pins = (yaml: string, ...all: string[]) => `${yaml}  security_pinned_hashes: ["${all.join('", "')}"]\n`;
const pinsInOne = (yaml: string, ...all: string[]) => `${yaml}  security_pinned_hashes: "${all.join(',')}"\n`;

/** Values that hold a self-signed certificate, and those of the release before. */
const upgrade = (name: string, before: string, after: string, expected: string[]): ValuesCase =>
  valuesCase(name, after, ['cert-self-signed', ...expected], { previous: previous(before) });

const cases: ValuesCase[] = [
  upgrade('another key', GOOD_YAML, OTHER, ['pin-changes', 'no-rollout']),
  upgrade('what helm get values prints', `USER-SUPPLIED VALUES:\n${GOOD_YAML}`, OTHER, [
    'pin-changes',
    'no-rollout',
  ]),
  upgrade('the same key in another certificate', GOOD_YAML, yamlOf(again), ['no-rollout']),
  valuesCase('the same certificate', GOOD_YAML, [], { previous: previous(GOOD_YAML) }),
  upgrade('both pins before and after', pins(GOOD_YAML, A, B), pins(OTHER, A, B), [
    'pin-changes=info',
    'no-rollout',
  ]),
  upgrade('both in one string before', pinsInOne(GOOD_YAML, A, B), pins(OTHER, A, B), [
    'pin-changes=info',
    'no-rollout',
  ]),
  // Another list, or another order, restarts backend and crons.
  upgrade('both in another order, in upper case', pins(GOOD_YAML, B.toUpperCase(), A), pins(OTHER, A, B), [
    'pin-changes=info',
  ]),
  upgrade('both listed only now', GOOD_YAML, pins(OTHER, A, B), ['pin-changes']),
  upgrade('the old one dropped in the same upgrade', pins(GOOD_YAML, A, B), pins(OTHER, B), ['pin-changes']),
  upgrade('the new one not listed', pins(GOOD_YAML, A), pins(OTHER, A), [
    'pin-missing',
    'pin-changes',
    'no-rollout',
  ]),

  // What cannot be compared
  upgrade('a release without values', 'null\n', OTHER, []),
  upgrade('a release that names a Secret', 'certificate:\n  existing_cert: my-tls\n', OTHER, []),
  upgrade(
    'a release whose values were filled in later',
    'certificate:\n  tls:\n    crt: "${CRT}"\n    key: "${KEY}"\n',
    OTHER,
    [],
  ),
  valuesCase('a Secret in place of the certificate', 'certificate:\n  existing_cert: my-tls\n', [], {
    previous: previous(GOOD_YAML),
  }),
  valuesCase('nothing to compare with', OTHER, ['cert-self-signed']),
];

export default cases;
