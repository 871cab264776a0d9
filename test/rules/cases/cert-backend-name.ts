import { BACKEND_CA, BACKENDS } from '../../support/backend-names.ts';
import { internalTls } from '../../support/internal-tls.ts';
import { pkcs8 } from '../../support/pki.ts';
import { GOOD_YAML, type ValuesCase, valuesCase } from '../../support/rule-case.ts';
import { pemYaml } from '../../support/values-yaml.ts';

const CA = 'existing_ca_secret_name: my-ca';
const PASSWORD = 'secrets: { defaults: { keystore_password: "123456" } }\n';
const verified = internalTls({ certificates: [CA] }) + PASSWORD;
const prod = { release: 'prod' };

const cases: ValuesCase[] = [
  ...BACKENDS.map(({ name, leaf, isTaken }) =>
    valuesCase(
      `verified internal TLS: ${name}`,
      pemYaml(leaf.pem + BACKEND_CA.pem, pkcs8(leaf.privateKey)) + verified,
      isTaken ? [] : ['cert-backend-name'],
      prod,
    ),
  ),
  valuesCase('where the release is not known', GOOD_YAML + verified, ['cert-backend-name=warning']),
  valuesCase(
    'a backend of any name where the release is not known',
    pemYaml(
      (BACKENDS[3]?.leaf.pem ?? '') + BACKEND_CA.pem,
      pkcs8(BACKENDS[3]?.leaf.privateKey as Parameters<typeof pkcs8>[0]),
    ) + verified,
    [],
  ),
  valuesCase(
    'nameOverride is before the release',
    pemYaml(
      (BACKENDS[0]?.leaf.pem ?? '') + BACKEND_CA.pem,
      pkcs8(BACKENDS[0]?.leaf.privateKey as Parameters<typeof pkcs8>[0]),
    ) +
      internalTls({ certificates: [CA], general: ['nameOverride: prod'] }) +
      PASSWORD,
    [],
    { release: 'other' },
  ),
  ...(
    [
      ['off', internalTls({ enabled: 'false', certificates: [CA] })],
      ['without a CA', internalTls({})],
      ['not verified', internalTls({ certificates: [CA, 'verification: false'] })],
    ] as const
  ).map(([name, yaml]) => valuesCase(`internal TLS ${name}`, GOOD_YAML + yaml + PASSWORD, [], prod)),
];

export default cases;
