import { internalTls } from '../../support/internal-tls.ts';
import { GOOD_YAML, type ValuesCase, valuesCase } from '../../support/rule-case.ts';

const cases: ValuesCase[] = [
  ...['existing_certificate', '""', 'null', '5', 'Existing_certificates', '"existing_certificates "'].map(
    (source) =>
      valuesCase(`source ${source}`, GOOD_YAML + internalTls({ certificates: [`source: ${source}`] }), [
        'internal-tls-source',
      ]),
  ),
  valuesCase(
    'another source where internal TLS is off',
    `${GOOD_YAML}${internalTls({ enabled: 'false', certificates: ['source: x'] })}`,
    [],
  ),
  valuesCase('the default', GOOD_YAML + internalTls({}), []),
  ...['existing_certificates', 'generate_self_signed_certificates'].map((source) =>
    valuesCase(`source ${source}`, GOOD_YAML + internalTls({ certificates: [`source: ${source}`] }), []),
  ),
  valuesCase('a source to be filled in', GOOD_YAML + internalTls({ certificates: ['source: "${SOURCE}"'] }), [
    'values-unresolved',
  ]),
];

export default cases;
