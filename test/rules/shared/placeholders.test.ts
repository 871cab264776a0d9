import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isPlaceholder, standIn } from '../../../src/rules/shared/placeholders.ts';

const PLACEHOLDERS = [
  '<certificate>',
  '<>',
  '[certificate]',
  '[]',
  'LS0tLS1...',
  'LS0tLS1CRUdJTi…',
  '..',
  '…',
  'a..b',
]
  .concat(['changeme', 'CHANGE_ME', 'replace-this', 'fill it', 'insert here', 'put in', 'paste-here'])
  .concat(['todo', 'TBD', 'fixme', 'placeholder', 'xxx', 'x'.repeat(12), '?', '???', 'n/a'])
  .concat([
    'your-cert',
    'your_crt',
    'your tls key',
    'your-secret-name',
    'your.domain'.replace('.', '-'),
    'your-pin',
  ])
  .concat(['your-hash', 'your-host', 'your-endpoint', 'your value here', '  changeme\n'])
  .concat([
    'base64-encoded-certificate',
    'base64 of key',
    'base64-cert-here',
    'base64_private_key',
    'base64crt',
  ])
  .concat([`<${'x'.repeat(298)}>`]);
const OTHERS = [
  '',
  'a',
  'xx',
  'x'.repeat(13),
  'a.b',
  'a.b.c',
  '<a',
  'a>',
  '<a><b>',
  '[a',
  '[a][b]',
  'change',
  'me',
  'todos',
]
  .concat([
    'my-changeme',
    'changeme2',
    'replace me now',
    'n/a/b',
    'xxxa',
    'mytodo',
    'your-values',
    'not-your-cert',
  ])
  .concat([
    'base64',
    'base64-encoded',
    'base64-certificates',
    'my base64 key',
    'a ..b',
    'x?',
    `<${'x'.repeat(299)}>`,
  ]);

test('strings of examples', () => {
  for (const text of PLACEHOLDERS) assert.ok(isPlaceholder(text), text);
});

test('other strings, and what is not a string', () => {
  for (const text of OTHERS) assert.not(isPlaceholder(text), text);
  for (const value of [null, undefined, 5, ['changeme']]) assert.not(isPlaceholder(value));
});

const STAND_INS = [
  ['changeme', 'example'],
  ['BASE64_CERT_HERE', 'example'],
  ['YOUR/CERT/HERA==', 'example'],
  [Buffer.from('your-cert-here').toString('base64'), 'example'],
  ['***', 'mask'],
  ['+', 'mask'],
  ['<redacted>', 'mask'],
  ['1196 bytes', 'size'],
  ['./tls.crt', 'path'],
  ['/etc/tls/x', 'path'],
  ['certs/tlscrt12', 'path'],
  [Buffer.from('/etc/tls/tls.crt\n').toString('base64'), 'encoded path'],
  ['$(base64 -w0 tls.crt)', 'shell'],
  ['`cat tls.crt`', 'shell'],
  ['{{ .Files.Get "tls.crt" }}', 'chart function'],
  [`${'a/'.repeat(123)}b/tls.crt`, 'path'],
] as const;
for (const [value, stand] of STAND_INS)
  test(`${value.slice(0, 30)} stands in for the content: ${stand}`, () => assert.is(standIn(value), stand));

for (const value of [
  ...['', '**', 'aGVsbG8gd29ybGQh', 'abc/def/ghi', '-----BEGIN CERTIFICATE-----', 'a\nb.crt', 'certs'],
  ...[`${'a/'.repeat(124)}b/tls.crt`, 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==', null, 5],
])
  test(`${String(value).slice(0, 30)} may be the content`, () => assert.is(standIn(value), null));

test.run();
