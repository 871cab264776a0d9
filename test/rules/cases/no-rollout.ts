import { issue, pkcs8 } from '../../support/pki.ts';
import { previous } from '../../support/previous.ts';
import { GOOD_YAML, leaf, type ValuesCase, valuesCase } from '../../support/rule-case.ts';
import { pemYaml } from '../../support/values-yaml.ts';

const renewed = issue({ key: leaf.privateKey });
const RENEWED = pemYaml(renewed.pem, pkcs8(renewed.privateKey));
const PIN = 'a'.repeat(64);

/** Renewed with the same key, so that no pin changes. */
const renewal = (name: string, before: string, after: string, expected: string[], options = {}): ValuesCase =>
  valuesCase(name, after, [...expected, 'cert-self-signed'], { previous: previous(before), ...options });

const cases: ValuesCase[] = [
  renewal('another certificate', GOOD_YAML, RENEWED, ['no-rollout']),
  valuesCase('the same certificate', GOOD_YAML, [], { previous: previous(GOOD_YAML) }),
  valuesCase('the same certificate, written otherwise', GOOD_YAML.replaceAll('"', "'"), [], {
    previous: previous(GOOD_YAML),
  }),
  renewal('another name of everything', GOOD_YAML, `${RENEWED}general:\n  nameOverride: a\n`, [], {
    release: 'b',
  }),
  renewal(
    'pins that restart backend and crons',
    GOOD_YAML,
    `${RENEWED}  security_pinned_hashes: ["${PIN}"]\n`,
    ['pin-missing'],
  ),
  renewal(
    'a router that is not restarted by them',
    `${GOOD_YAML}general: { router: { tls: { enabled: true } } }\n`,
    `${RENEWED}  security_pinned_hashes: ["${PIN}"]\ngeneral: { router: { tls: { enabled: true } } }\n`,
    ['pin-missing', 'no-rollout'],
  ),
  renewal('a Secret before', 'certificate:\n  existing_cert: my-tls\n', RENEWED, []),
  renewal('no release before', '{}\n', RENEWED, []),
];

export default cases;
