import { internalTls } from '../../support/internal-tls.ts';
import { PASSWORDS } from '../../support/keystore-passwords.ts';
import { GOOD_YAML, type ValuesCase, valuesCase } from '../../support/rule-case.ts';

const CA = 'existing_ca_secret_name: my-ca';
/** With the CA in a Secret keytool runs; verification would want another name in the certificate. */
const withCa = GOOD_YAML + internalTls({ certificates: [CA, 'verification: false'] });
const withoutCa = GOOD_YAML + internalTls({});
const password = (yaml: string) => `secrets:\n  defaults:\n    keystore_password: ${yaml}\n`;

const cases: ValuesCase[] = [
  ...PASSWORDS.flatMap(([yaml, , refusedBy]) => [
    valuesCase(`${yaml} with a CA`, withCa + password(yaml), refusedBy ? ['keystore-password'] : []),
    valuesCase(
      `${yaml} without one`,
      withoutCa + password(yaml),
      refusedBy === 'pkcs12' ? ['keystore-password'] : [],
    ),
    valuesCase(`${yaml} without internal TLS`, GOOD_YAML + password(yaml), []),
  ]),
  valuesCase('none with a CA', withCa, ['keystore-password']),
  valuesCase('none with a CA, in one of several files', withCa, [], { partial: true }),
  valuesCase(
    'a password that the chart does not use',
    `certificate:\n  existing_cert: my-tls\n${internalTls({
      certificates: [CA],
      general: ['deploy_secrets: { enabled: false }'],
    })}${password('"1"')}`,
    [],
  ),
  valuesCase('a password to be filled in', withCa + password('"${PASSWORD}"'), ['values-unresolved']),
];

export default cases;
