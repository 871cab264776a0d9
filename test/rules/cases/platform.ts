/** The rules on the pair and the platform. */
import { GOOD_YAML, KEY, pem, type ValuesCase, valuesCase } from '../../support/rule-case.ts';
import { pemYaml } from '../../support/values-yaml.ts';

const cases: ValuesCase[] = [
  // endpoint-format
  ...[
    'https://lightrun.example.com',
    'lightrun.example.com:443',
    'lightrun.example.com/',
    'Lightrun.example.com',
    'lightrun.example.com ',
    'a_b.example.com',
    '10.0.0.1',
  ].map((host) =>
    valuesCase(`endpoint ${host}`, `${GOOD_YAML}general:\n  lightrun_endpoint: "${host}"\n`, [
      'endpoint-format',
    ]),
  ),
  valuesCase('endpoint as a number', `${GOOD_YAML}general:\n  lightrun_endpoint: 5\n`, ['endpoint-format']),
  valuesCase('an empty endpoint', `${GOOD_YAML}general:\n  lightrun_endpoint: ""\n`, ['endpoint-format']),
  valuesCase('a null endpoint', `${GOOD_YAML}general:\n  lightrun_endpoint: null\n`, ['endpoint-format']),
  valuesCase('no endpoint', `${GOOD_YAML}general:\n  db_local: true\n`, []),
  valuesCase(
    'an address where an Ingress is rendered',
    `${GOOD_YAML}general:\n  lightrun_endpoint: 10.0.0.5\n`,
    ['endpoint-format'],
  ),
  valuesCase(
    'an address where no Ingress is rendered',
    `${GOOD_YAML}general:\n  lightrun_endpoint: 10.0.0.5\n  router: { ingress: { enabled: false } }\n`,
    [],
  ),

  // switch-text
  ...[
    'internal_tls: { enabled: "false" }',
    'router: { tls: { enabled: "no" } }',
    'deploy_secrets: { enabled: "true" }',
  ].map((line) => valuesCase(`the switch ${line}`, `${GOOD_YAML}general:\n  ${line}\n`, ['switch-text'])),
  valuesCase(
    'the switch of verification',
    `${GOOD_YAML}general:\n  internal_tls: { certificates: { verification: "false" } }\n`,
    ['switch-text'],
  ),
  valuesCase('switches that are none', `${GOOD_YAML}general:\n  router: { tls: { enabled: false } }\n`, []),
  valuesCase('an empty switch', `${GOOD_YAML}general:\n  router: { tls: { enabled: "" } }\n`, []),

  // pin-format
  ...[
    '"abc"',
    `"${'0'.repeat(63)}"`,
    `"${'0'.repeat(65)}"`,
    '""',
    '5',
    `"${'g'.repeat(64)}"`,
    '"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"',
  ].map((pin) =>
    valuesCase(`pin ${pin}`, `${GOOD_YAML}  security_pinned_hashes: [${pin}]\n`, ['pin-format']),
  ),
  valuesCase('pins in one string', `${GOOD_YAML}  security_pinned_hashes: "abc,def"\n`, [
    'pin-format',
    'pin-format',
  ]),
  valuesCase(
    'pins of a Secret',
    `certificate:\n  existing_cert: a\n  security_pinned_hashes: ["${'0'.repeat(64)}"]\n`,
    [],
  ),
  valuesCase("pins without the leaf's", `${GOOD_YAML}  security_pinned_hashes: ["${'0'.repeat(64)}"]\n`, [
    'pin-missing',
  ]),

  // secret-too-large
  valuesCase('more than 1 MiB', pemYaml(`${pem}${'x'.repeat(1024 * 1024)}\n`, KEY), [
    'pem-noise=warning',
    'secret-too-large',
  ]),
];

export default cases;
