/** The certificate in another place, or under another name, than the chart reads. */
import {
  CRT_VALUE,
  GOOD_YAML,
  KEY_VALUE,
  pem,
  type ValuesCase,
  valuesCase,
} from '../../support/rule-case.ts';

const PAIR = `crt: ${CRT_VALUE}\nkey: ${KEY_VALUE}\n`;
const indented = (text: string, columns: number): string => text.replace(/^(?=.)/gm, ' '.repeat(columns));
const misplaced = (name: string, yaml: string): ValuesCase => valuesCase(name, yaml, ['values-misplaced']);
const at = (head: string, body: string): string => `${head}\n${indented(body, 2 * head.split('\n').length)}`;

const cases: ValuesCase[] = [
  misplaced('existingCert', 'certificate:\n  existingCert: my-tls\n'),
  misplaced('existingSecret', 'certificate:\n  existingSecret: my-tls\n'),
  misplaced('a flat certificate.existing_cert', 'certificate.existing_cert: my-tls\n'),
  misplaced(
    'a flat certificate.existing_cert under certificate',
    'certificate:\n  certificate.existing_cert: my-tls\n',
  ),
  misplaced('existing_cert at the top', 'existing_cert: my-tls\n'),
  misplaced('existing_cert under tls', 'certificate:\n  tls:\n    existing_cert: my-tls\n'),
  misplaced('existing_cert under general', 'general:\n  existing_cert: my-tls\n'),
  misplaced('secretName under tls at the top', 'tls:\n  secretName: my-tls\n'),
  misplaced('certificates', at('certificates:\n  tls:', PAIR)),
  misplaced('certficate', at('certficate:\n  tls:', PAIR)),
  misplaced('Certificate', 'Certificate:\n  existing_cert: my-tls\n'),
  misplaced('tls.cert', `certificate:\n  tls:\n    cert: ${CRT_VALUE}\n    key: ${KEY_VALUE}\n`),
  misplaced(
    'tls.certificate and tls.private_key',
    `certificate:\n  tls:\n    certificate: ${CRT_VALUE}\n    private_key: ${KEY_VALUE}\n`,
  ),
  misplaced(
    'flat keys under certificate',
    `certificate:\n  tls.crt: ${CRT_VALUE}\n  tls.key: ${KEY_VALUE}\n`,
  ),
  misplaced(
    'a flat key for the whole path',
    `certificate.tls.crt: ${CRT_VALUE}\ncertificate.tls.key: ${KEY_VALUE}\n`,
  ),
  misplaced('crt and key under certificate', at('certificate:', PAIR)),
  misplaced('crt and key in the column of tls', `certificate:\n  tls:\n${indented(PAIR, 2)}`),
  misplaced('tls in the column of certificate', `certificate:\n${at('tls:', PAIR)}`),
  misplaced('tls at the top', at('tls:', PAIR)),
  misplaced('crt and key at the top', PAIR),
  misplaced('under general', at('general:\n  certificate:\n    tls:', PAIR)),
  misplaced('under general, as a Secret', 'general:\n  certificate:\n    existing_cert: my-tls\n'),
  misplaced('under secrets', at('secrets:\n  certificate:\n    tls:', PAIR)),
  misplaced('under global', at('global:\n  certificate:\n    tls:', PAIR)),
  misplaced('certificate in certificate', at('certificate:\n  certificate:\n    tls:', PAIR)),
  misplaced('tls in tls', at('certificate:\n  tls:\n    tls:', PAIR)),
  misplaced('the certificate as tls', `certificate:\n  tls: ${CRT_VALUE}\n`),
  misplaced('the certificate as certificate', `certificate: ${CRT_VALUE}\n`),
  misplaced('PEM that is not encoded', `tls:\n  cert: |\n${indented(pem, 4)}`),
  misplaced('half of it', `certificate:\n  tls:\n    crt: ${CRT_VALUE}\n    privateKey: ${KEY_VALUE}\n`),
  misplaced(
    'what is filled in later',
    'certificate:\n  tls:\n    cert: "${CRT}"\n    private_key: "${KEY}"\n',
  ),
  misplaced(
    'issuers apart',
    `certificate:\n  tls:\n    cert: ${CRT_VALUE}\n    ca: ${CRT_VALUE}\n    private_key: ${KEY_VALUE}\n`,
  ),
  valuesCase(
    'in one of several files',
    at('general:\n  certificate:\n    tls:', PAIR),
    ['values-misplaced'],
    { partial: true },
  ),
  valuesCase('below a root', at('lightrun:\n  certificates:\n    tls:', PAIR), ['values-misplaced'], {
    root: ['lightrun'],
  }),

  // What is no certificate, or not this one.
  valuesCase('a name that is none', 'existing_cert: My Secret\n', ['source-missing']),
  valuesCase('tls at the top without a certificate', 'tls:\n  enabled: true\n', ['source-missing']),
  valuesCase(
    "another chart's certificate",
    'certificate: arn:aws:acm:us-east-1:123456789012:certificate/abcd\n',
    ['values-type'],
  ),
  valuesCase(
    'a certificate of a service inside',
    at('general:\n  internal_tls:\n    certificates:', `x: ${CRT_VALUE}\n`),
    ['source-missing'],
  ),
  valuesCase('that of a subchart', at('keycloak:\n  tls:', PAIR), ['source-missing']),
  valuesCase('that of a subchart, by the same name', at('keycloak:\n  certificate:\n    tls:', PAIR), [
    'source-missing',
  ]),
  valuesCase('tls at the top beside a whole pair', `${GOOD_YAML}tls:\n${indented(PAIR, 2)}`, []),
  valuesCase(
    'the block under general beside a Secret',
    `certificate: {existing_cert: a}\n${at('general:\n  certificate:\n    tls:', PAIR)}`,
    [],
  ),
  valuesCase('a file for another layer', 'general: {name: acme}\n', [], { partial: true }),
];

export default cases;
