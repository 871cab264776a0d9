/** The rules on base64. */
import { KEY, type Pair, pem } from '../../support/rule-case.ts';
import { base64 } from '../../support/values-yaml.ts';

const cases: Pair[] = [
  {
    name: 'PEM that was not encoded',
    crt: pem.replaceAll('\n', '\\n'),
    key: KEY.replaceAll('\n', '\\n'),
    expected: ['base64-not-encoded'],
  },
  {
    name: 'wrapped by spaces',
    crt: base64(pem).replace(/.{76}/g, '$& '),
    key: base64(KEY),
    expected: ['base64-wrapped'],
  },
  { name: 'base64url', crt: base64(pem), key: base64url(KEY), expected: ['base64-invalid'] },
  {
    name: 'a stray character',
    crt: `${base64(pem).slice(0, 40)}*${base64(pem).slice(41)}`,
    key: base64(KEY),
    expected: ['base64-invalid'],
  },
  {
    name: 'no padding',
    crt: base64(`${pem}${'\n'.repeat((4 - (pem.length % 3)) % 3)}`).replace(/=+$/, ''),
    key: base64(KEY),
    expected: [
      base64(`${pem}${'\n'.repeat((4 - (pem.length % 3)) % 3)}`).endsWith('=') ? 'base64-invalid' : '',
    ],
  },
  {
    name: 'encoded twice',
    crt: base64(base64(pem)),
    key: base64(base64(KEY)),
    expected: ['base64-twice'],
  },
  ...['%', 'user@host:~$', '[root@host ~]#', '$', '\u200b', '\u00a0', '\u2026', "'", ','].map((end) => ({
    name: `ends in ${JSON.stringify(end)}`,
    crt: `${base64(pem)}${end}`,
    key: `${base64(KEY)}${end}`,
    expected: ['base64-invalid'],
  })),
  {
    name: 'two mistakes',
    crt: `${base64(pem)}%`,
    key: `*${base64(KEY)}`,
    expected: ['base64-invalid', 'base64-invalid'],
  },
  {
    name: 'wrapped, both',
    crt: base64(pem).replace(/.{76}/g, '$& '),
    key: base64(KEY).replace(/.{76}/g, '$& '),
    expected: ['base64-wrapped'],
  },
];

/** Text whose base64 surely holds a character of the other alphabet: a comment before the block does no harm. */
function base64url(text: string): string {
  const noisy = `${text}\u00ff\u00fe\u00ff?>?>\n`;
  return Buffer.from(noisy).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}

export default cases;
