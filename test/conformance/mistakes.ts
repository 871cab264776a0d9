/** What people do to a file, to its base64 and to the YAML around it; some of it harmless. */
import { base64 } from '../support/values-yaml.ts';
import { type Change, indented } from './case.ts';

const text = (file: Buffer): string => file.toString('latin1');
const bytes = (changed: string): Buffer => Buffer.from(changed, 'latin1');

/** A change of a file by its text. */
const file = (name: string, of: (pem: string) => string): Change => ({
  name,
  stage: 'file',
  of: (before) => bytes(of(text(before))),
});

const swapCase = (pem: string): string => pem.replace(/-----(BEGIN|END)/g, (line) => line.toLowerCase());
const bodyOnly = (pem: string): string => pem.replace(/-----[^-]*-----\n/g, '');
const rewrapped = (pem: string, columns: number): string =>
  pem.replace(/(-----\n)([^-]+)(\n-----END)/g, (_, begin, body, end) => {
    const lines = body.replaceAll('\n', '').match(new RegExp(`.{1,${columns}}`, 'g')) ?? [];
    return `${begin}${lines.join('\n')}${end}`;
  });
/** The DER of the first block of a file. */
const firstBlock = (pem: Buffer): Buffer =>
  Buffer.from(/-----\n([^-]+)\n-----END/.exec(text(pem))?.[1] ?? '', 'base64');
const relabelled = (pem: string, certificate: string, key: string): string =>
  pem
    .replace(/(BEGIN|END) CERTIFICATE/g, `$1 ${certificate}`)
    .replace(/(BEGIN|END) PRIVATE KEY/g, `$1 ${key}`);
/** A line in the middle of the first block. */
const inBody = (pem: string, line: string): string => pem.replace(/(-----\n.*\n)/, `$1${line}`);

/** Changes of the file itself. */
export const FILE_CHANGES: readonly Change[] = [
  file('no line break at the end', (pem) => pem.trimEnd()),
  file('CR LF line ends', (pem) => pem.replaceAll('\n', '\r\n')),
  file('trailing spaces', (pem) => pem.replaceAll('\n', '  \n')),
  file('trailing tabs', (pem) => pem.replaceAll('\n', '\t\n')),
  file('base64 body on one line', (pem) => rewrapped(pem, 1_000_000)),
  file('base64 body at 76 columns', (pem) => rewrapped(pem, 76)),
  file('base64 body at 48 columns', (pem) => rewrapped(pem, 48)),
  file('a byte-order mark', (pem) => `\xef\xbb\xbf${pem}`),
  file('blank lines around', (pem) => `\n\n${pem}\n\n`),
  file('a blank line within the body', (pem) => inBody(pem, '\n')),
  file('a comment within the body', (pem) => inBody(pem, '# comment\n')),
  file('a character changed to a star', (pem) => inBody(pem, '*\n')),
  file('CR alone', (pem) => pem.replaceAll('\n', '\r')),
  file('indented by spaces', (pem) => pem.replace(/^(?=.)/gm, '  ')),
  file('indented by tabs', (pem) => pem.replace(/^(?=.)/gm, '\t')),
  file('body alone indented', (pem) => pem.replace(/^(?=[^-\n])/gm, '  ')),
  file('quoted mail', (pem) => pem.replace(/^(?=.)/gm, '> ')),
  file('all on one line', (pem) => pem.replaceAll('\n', ' ')),
  file('all on one line without spaces', (pem) => pem.replaceAll('\n', '')),
  file('literal \\n', (pem) => pem.replaceAll('\n', '\\n')),
  file('literal \\n at the ends of lines', (pem) => pem.replaceAll('\n', '\\n\n')),
  file('in double quotes', (pem) => `"${pem}"`),
  file('Bag Attributes in front', (pem) => `Bag Attributes\n    friendlyName: x\nsubject=CN = x\n${pem}`),
  file('text behind', (pem) => `${pem}issued for the platform team\n`),
  file('a comment in front', (pem) => `# production\n${pem}`),
  file('an error message in front', (pem) => `unable to load: No such file\n${pem}`),
  file('YAML in front', (pem) => `tls.crt: |\n${pem}`),
  file('no BEGIN', (pem) => pem.replace(/-----BEGIN.*\n/, '')),
  file('no END', (pem) => pem.replace(/-----END.*\n$/, '')),
  file('no boundaries', bodyOnly),
  file('an END of another label', (pem) => pem.replace(/-----END .*-----\n$/, '-----END OTHER-----\n')),
  file('four dashes before BEGIN', (pem) => pem.replace('-----BEGIN', '----BEGIN')),
  file('four dashes behind END', (pem) => pem.replace(/-----\n$/, '----\n')),
  file('six dashes before BEGIN', (pem) => pem.replace('-----BEGIN', '------BEGIN')),
  file('long dashes', (pem) => pem.replaceAll('-----', '\xe2\x80\x94\xe2\x80\x94-')),
  file('lower-case BEGIN and END', swapCase),
  file('a space behind the dashes', (pem) => pem.replaceAll('-----BEGIN', '----- BEGIN')),
  file('cut in the middle', (pem) => pem.slice(0, Math.floor(pem.length / 2))),
  file('cut within the first block', (pem) => pem.slice(0, 200)),
  file('the first line lost', (pem) => pem.replace(/^.*\n/, '')),
  file('a line of the body lost', (pem) => pem.replace(/(-----\n.*\n).*\n/, '$1')),
  file('two lines of the body exchanged', (pem) => pem.replace(/(-----\n)(.*\n)(.*\n)/, '$1$3$2')),
  file('the last character of the body lost', (pem) => pem.replace(/.\n-----END/, '\n-----END')),
  file('one more padding', (pem) => pem.replace('\n-----END', '=\n-----END')),
  file('a NUL at the end', (pem) => `${pem}\0`),
  file('a NUL in front', (pem) => `\0${pem}`),
  file('a Ctrl-Z at the end', (pem) => `${pem}\x1a`),
  file('empty', () => ''),
  file('a blank', () => ' '),
  file('words', () => 'not a certificate\n'),
  file('a web page', () => '<!doctype html><title>404</title>\n'),
  file('JSON around', (pem) => JSON.stringify({ data: pem })),
  file('labels of old', (pem) => relabelled(pem, 'X509 CERTIFICATE', 'RSA PRIVATE KEY')),
  file('labels with trust', (pem) => relabelled(pem, 'TRUSTED CERTIFICATE', 'PRIVATE KEY')),
  file('label with trust on the first block', (pem) => {
    const end = pem.indexOf('-----END');
    const rest = pem.indexOf('-----BEGIN', end);
    const first = pem.slice(0, rest < 0 ? pem.length : rest);
    return relabelled(first, 'TRUSTED CERTIFICATE', 'PRIVATE KEY') + pem.slice(first.length);
  }),
  file('labels of requests and public keys', (pem) => relabelled(pem, 'CERTIFICATE REQUEST', 'PUBLIC KEY')),
  file('labels of PKCS#7', (pem) => relabelled(pem, 'PKCS7', 'PKCS7')),
  file('lower-case labels', (pem) => relabelled(pem, 'certificate', 'private key')),
  file('an empty block behind', (pem) => `${pem}-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n`),
  file(
    'a garbage block behind',
    (pem) => `${pem}-----BEGIN CERTIFICATE-----\nZ2FyYmFnZQ==\n-----END CERTIFICATE-----\n`,
  ),
  file(
    'a garbage block in front',
    (pem) => `-----BEGIN CERTIFICATE-----\nZ2FyYmFnZQ==\n-----END CERTIFICATE-----\n${pem}`,
  ),
  file(
    'a block of nothing known behind',
    (pem) => `${pem}-----BEGIN THING-----\nZ2FyYmFnZQ==\n-----END THING-----\n`,
  ),
  file(
    'parameters for key exchange behind',
    (pem) => `${pem}-----BEGIN DH PARAMETERS-----\nMAA=\n-----END DH PARAMETERS-----\n`,
  ),
  file('glued to a copy of itself', (pem) => `${pem.trimEnd()}${pem}`),
  file('twice', (pem) => `${pem}${pem}`),
  { name: 'DER of the first block', stage: 'file', of: firstBlock },
  {
    name: 'a byte of the first block changed',
    stage: 'file',
    of: (pem) => damaged(pem, (der) => flip(der, 40)),
  },
  {
    name: 'the first block cut short',
    stage: 'file',
    of: (pem) => damaged(pem, (der) => der.subarray(0, -5)),
  },
  {
    name: 'bytes behind the first block',
    stage: 'file',
    of: (pem) => damaged(pem, (der) => Buffer.concat([der, Buffer.alloc(3)])),
  },
  { name: 'UTF-16 of Windows', stage: 'file', of: (pem) => Buffer.from(`\ufeff${text(pem)}`, 'utf16le') },
  {
    name: 'UTF-16, big end first',
    stage: 'file',
    of: (pem) => Buffer.from(`\ufeff${text(pem)}`, 'utf16le').swap16(),
  },
];

function damaged(pem: Buffer, of: (der: Buffer) => Buffer): string {
  const body = of(firstBlock(pem))
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n');
  return text(pem).replace(/(-----\n)[^-]+(\n-----END)/, `$1${body}$2`);
}

function flip(der: Buffer, at: number): Buffer {
  const changed = Buffer.from(der);
  changed[at] = (changed[at] ?? 0) ^ 0x55;
  return changed;
}

/** A change of the base64. */
const value = (name: string, of: (text: string, file: Buffer) => string): Change => ({
  name,
  stage: 'text',
  of,
});

/** A file with line breaks at its end that make its base64 end in padding. */
const padded = (before: Buffer): Buffer =>
  Buffer.concat([before, Buffer.alloc(1 + ((3 - (before.length % 3)) % 3), '\n')]);
/** A file with text at its end whose base64 surely has both characters that the URL alphabet has not. */
const telling = (before: Buffer): Buffer =>
  Buffer.concat([before, bytes('~~~???>>>\n~~~???>>>\n~~~???>>>\n')]);
const middle = (of: string, stray: string): string => `${of.slice(0, 101)}${stray}${of.slice(101)}`;
const instead = (of: string, stray: string): string =>
  `${of.slice(0, 101)}${stray}${of.slice(101 + stray.length)}`;
const wrapped = (of: string, columns: number): string =>
  of.replace(new RegExp(`.{${columns}}(?=.)`, 'g'), '$&\n');

/** Changes of the base64. */
export const TEXT_CHANGES: readonly Change[] = [
  value('wrapped at 76 columns', (of) => wrapped(of, 76)),
  value('wrapped at 64 columns', (of) => wrapped(of, 64)),
  value('wrapped by spaces', (of) => wrapped(of, 76).replaceAll('\n', ' ')),
  value('wrapped by CR LF', (of) => wrapped(of, 76).replaceAll('\n', '\r\n')),
  value('a space in front', (of) => ` ${of}`),
  value('a space behind', (of) => `${of} `),
  value('a line break behind', (of) => `${of}\n`),
  value('a tab within', (of) => middle(of, '\t')),
  value('a no-break space within', (of) => middle(of, '\u00a0')),
  value('an invisible space within', (of) => middle(of, '\u200b')),
  value('the alphabet of URLs', (_, before) => telling(before).toString('base64url')),
  value('the alphabet of URLs, padded', (_, before) =>
    base64(telling(before)).replaceAll('+', '-').replaceAll('/', '_'),
  ),
  value('no padding', (_, before) => base64(padded(before)).replace(/=+$/, '')),
  value('one padding too few', (_, before) => base64(padded(before)).slice(0, -1)),
  value('one padding too many', (_, before) => `${base64(padded(before))}=`),
  value('padding within', (_, before) => `${base64(padded(before))}${base64(padded(before))}`),
  value('bits left over', (_, before) => base64(padded(before)).replace(/.==$/, 'h==')),
  value('a star within', (of) => instead(of, '*')),
  value('a percent sign behind', (of) => `${of}%`),
  value('a comma behind', (of) => `${of},`),
  value('a full stop behind', (of) => `${of}.`),
  value('a number sign within', (of) => instead(of, '#')),
  value('a number sign behind a space', (of) => `${of} # production`),
  value('a colon within', (of) => instead(of, ':')),
  value('a colon and a space within', (of) => instead(of, ': ')),
  value('double braces in front', (of) => `{{ ${of} }}`),
  value('an ampersand in front', (of) => `&${of}`),
  value('an at sign in front', (of) => `@${of}`),
  value('a letter of another script', (of) => instead(of, '\u0410')),
  value('an ellipsis', (of) => `${of.slice(0, 60)}...${of.slice(-60)}`),
  value('the sign for an ellipsis', (of) => `${of.slice(0, 60)}\u2026`),
  value('quotes within quotes', (of) => `"${of}"`),
  value('single quotes within quotes', (of) => `'${of}'`),
  value('a data URL', (of) => `data:application/x-pem-file;base64,${of}`),
  value('the last character lost', (_, before) => base64(padded(padded(before))).slice(0, -3)),
  value('the last four characters lost', (of) => of.slice(0, -4)),
  value('the first four characters lost', (of) => of.slice(4)),
  value('the first character lost', (of) => of.slice(1)),
  value('the second half lost', (of) => of.slice(0, 4 * Math.floor(of.length / 8))),
  value('upper case', (of) => of.toUpperCase()),
  value('encoded twice', (of) => base64(of)),
  value('encoded twice, wrapped the first time', (of) => base64(wrapped(of, 76))),
  value('encoded three times', (of) => base64(base64(of))),
  value('hexadecimal', (_, before) => before.toString('hex')),
  value('not encoded', (_, before) => before.toString('utf8')),
  value('not encoded, line breaks written out', (_, before) =>
    before.toString('utf8').replaceAll('\n', '\\n'),
  ),
  value('not encoded, on one line', (_, before) => before.toString('utf8').replaceAll('\n', ' ').trim()),
  value('body of the first block only', (_, before) => firstBlock(before).toString('base64')),
  value("an example's text", () => '<base64-encoded-certificate>'),
  value("another example's text", () => 'changeme'),
  value('a name of a file', () => 'tls.crt'),
  value('a shell command', () => '$(base64 -w0 tls.crt)'),
  value('a template of another tool', () => '${TLS_VALUE}'),
  value('a reference to a vault', () => 'ref+vault://secret/tls#value'),
  value('encrypted by SOPS', () => 'ENC[AES256_GCM,data:abcd,iv:efgh,tag:ijkl,type:str]'),
  value('nothing', () => ''),
  value('a word', () => 'none'),
  value('zeros', () => 'AAAAAAAAAAAA'),
];

/** A way to write a value in YAML. */
const style = (name: string, of: (text: string) => string): Change => ({ name, stage: 'yaml', of });
const lines = (of: string, columns = 76): string => indented(wrapped(of, columns));

/** Ways to write it in YAML, right and wrong. */
export const YAML_CHANGES: readonly Change[] = [
  style('in double quotes', (of) => `"${of}"`),
  style('in single quotes', (of) => `'${of}'`),
  style('a | block', (of) => `|\n${indented(of)}`),
  style('a |- block', (of) => `|-\n${indented(of)}`),
  style('a |+ block and blank lines', (of) => `|+\n${indented(of)}\n\n`),
  style('a |2 block', (of) => `|2\n${indented(of)}`),
  style('a > block', (of) => `>\n${indented(of)}`),
  style('a >- block', (of) => `>-\n${indented(of)}`),
  style('on the next line', (of) => `\n${indented(of)}`),
  style('a | block of many lines', (of) => `|\n${lines(of)}`),
  style('a |- block of two lines', (of) => `|-\n${lines(of, Math.ceil(of.length / 2))}`),
  style('a > block of many lines', (of) => `>\n${lines(of)}`),
  style('a >- block of many lines', (of) => `>-\n${lines(of)}`),
  style('double quotes over many lines', (of) => `"${lines(of).trimStart()}"`),
  style('single quotes over many lines', (of) => `'${lines(of).trimStart()}'`),
  style(
    'double quotes over many lines, joined',
    (of) => `"${lines(of).trimStart().replaceAll('\n', '\\\n')}"`,
  ),
  style('plain over many lines', (of) => lines(of).trimStart()),
  style('plain with a blank line within', (of) =>
    lines(of, Math.ceil(of.length / 2))
      .trimStart()
      .replace('\n', '\n\n'),
  ),
  style('line breaks escaped', (of) => `"${wrapped(of, 76).replaceAll('\n', '\\n')}"`),
  style('one line break escaped at the end', (of) => `"${of}\\n"`),
  style('a line break and spaces escaped', (of) => `"${of.slice(0, 80)}\\n    ${of.slice(80)}"`),
  style('a blank line and spaces escaped', (of) => `"${of.slice(0, 80)}\\n\\n    ${of.slice(80)}"`),
  style('a separator of documents escaped', (of) => `"${of}\\n---\\n"`),
  style('a comment behind', (of) => `${of} # production`),
  style('spaces in front', (of) => `     ${of}`),
  style('with the tag !!str', (of) => `!!str ${of}`),
  style('with the tag !!binary', (of) => `!!binary ${of}`),
  style('with an anchor', (of) => `&value${of.length} ${of}`),
  style('with a tag of its own', (of) => `!secret ${of}`),
  style('a list', (of) => `[${of}]`),
  style('a list of lines', (of) => `\n${lines(of).replace(/^ {6}/gm, '      - ')}`),
  style('a map', (of) => `{value: ${of}}`),
  style('a number', () => '20260101'),
  style('a number in quotes', () => '"20260101"'),
  style('true', () => 'true'),
  style('true in quotes', () => '"true"'),
  style('yes', () => 'yes'),
  style('null', () => 'null'),
  style('null in quotes', () => '"null"'),
  style('a tilde', () => '~'),
  style('a tilde in quotes', () => '"~"'),
  style('nothing at all', () => ''),
  style('empty quotes', () => '""'),
  style('a blank in quotes', () => '" "'),
  style('a quote that does not end', (of) => `"${of}`),
];

/** All of them. */
export const CHANGES: readonly Change[] = [...FILE_CHANGES, ...TEXT_CHANGES, ...YAML_CHANGES];
