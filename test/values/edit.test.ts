import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { editValues, type ValueEdit } from '../../src/values/edit.ts';
import { readValues } from '../../src/values/read.ts';
import { tries } from '../support/property.ts';

const CRT = ['certificate', 'tls', 'crt'];
const KEY = ['certificate', 'tls', 'key'];
const SECRET = ['certificate', 'existing_cert'];
const TEXT = `LS0tLS${'Ab1+/'.repeat(20)}==`;

const set = (text: string, ...edits: ValueEdit[]) => editValues(Buffer.from(text), 'values.yaml', edits);

async function after(text: string, path = CRT, value = TEXT): Promise<string> {
  const edited = await set(text, { path, text: value });
  assert.ok(edited.ok, JSON.stringify(edited));
  return edited.ok ? edited.bytes.toString() : '';
}

const VALUE = 'certificate:\n  tls:\n    crt: ';
const IN_PLACE: [what: string, before: string, expected: string][] = [
  ['plain', `${VALUE}LS0tOLD # c\n`, `${VALUE}${TEXT} # c\n`],
  ['plain over lines', `${VALUE}LS0t\n      OLD\n# c\n`, `${VALUE}${TEXT}\n# c\n`],
  ['a number', `${VALUE}12\n`, `${VALUE}${TEXT}\n`],
  ['single-quoted', `${VALUE}'OLD'  # c\n`, `${VALUE}'${TEXT}'  # c\n`],
  ['double-quoted over lines', `${VALUE}"OLD\n     OLD" # c\n`, `${VALUE}"${TEXT}" # c\n`],
  [
    'a literal block',
    `${VALUE}| # c\n      OLD\n      OLD\n  # d\n`,
    `${VALUE}| # c\n      ${TEXT}\n  # d\n`,
  ],
  [
    'a folded block',
    `${VALUE}>-\n       OLD\n\n       OLD\n\nb: 1\n`,
    `${VALUE}>-\n       ${TEXT}\n\nb: 1\n`,
  ],
  ['a block with an indicator', `${VALUE}|2+\n      OLD\n\nb: 1\n`, `${VALUE}|2+\n      ${TEXT}\n\nb: 1\n`],
  ['an empty block', `${VALUE}| # c\nb: 1\n`, `${VALUE}"${TEXT}" # c\nb: 1\n`],
  ['nothing', `${VALUE} # c\n`, `${VALUE.trimEnd()} "${TEXT}"  # c\n`],
  ['null', `${VALUE}~ # c\n`, `${VALUE}${TEXT} # c\n`],
  ['a tag that changes the value', `${VALUE}!!binary T0xE # c\n`, `${VALUE}"${TEXT}" # c\n`],
  ['a tag that does not', `${VALUE}!!str OLD # c\n`, `${VALUE}!!str ${TEXT} # c\n`],
  ['an anchor', `${VALUE}&a "OLD"\n`, `${VALUE}&a "${TEXT}"\n`],
  ['an alias', `a: &a OLD\n${VALUE}*a # c\n`, `a: &a OLD\n${VALUE}${TEXT} # c\n`],
  [
    'a flow mapping',
    `certificate: { tls: {crt: 'OLD', key: b} }\n`,
    `certificate: { tls: {crt: '${TEXT}', key: b} }\n`,
  ],
  ['JSON', '{"certificate": {"tls": {"crt": "OLD"}}}', `{"certificate": {"tls": {"crt": "${TEXT}"}}}`],
  ['the last of two equal keys', `${VALUE}A\n    crt: B\n`, `${VALUE}A\n    crt: ${TEXT}\n`],
  ['CR LF', `${VALUE}"OLD"\n`.replaceAll('\n', '\r\n'), `${VALUE}"${TEXT}"\n`.replaceAll('\n', '\r\n')],
  ['a byte-order mark', `\ufeff${VALUE}"OLD"\n`, `\ufeff${VALUE}"${TEXT}"\n`],
  ['the second document', `a: 1\n---\n${VALUE}OLD\n---\nb: 2\n`, `a: 1\n---\n${VALUE}${TEXT}\n---\nb: 2\n`],
];
for (const [what, before, expected] of IN_PLACE) {
  test(`in place, whatever was there: ${what}`, async () => {
    assert.is(await after(before), expected);
  });
}

const ADDED: [what: string, before: string, expected: string][] = [
  ['an empty file', '', `${VALUE}"${TEXT}"\n`],
  ['comments alone', '# a\n', `# a\n${VALUE}"${TEXT}"\n`],
  ['no line break at the end', 'a: 1', `a: 1\n${VALUE}"${TEXT}"`],
  ['comments at the end', 'a: 1\n# b: 2\n', `a: 1\n# b: 2\n${VALUE}"${TEXT}"\n`],
  ['a document that has ended', 'a: 1\n...\n', `a: 1\n${VALUE}"${TEXT}"\n...\n`],
  ['a block that keeps its blank lines', 'a: |+\n  x\n\n', `a: |+\n  x\n\n${VALUE}"${TEXT}"\n`],
  [
    'other keys of the certificate',
    'certificate:\n  a: 1 # c\nb: 2\n',
    `certificate:\n  a: 1 # c\n  tls:\n    crt: "${TEXT}"\nb: 2\n`,
  ],
  [
    'the same indentation as there',
    'certificate:\n    tls:\n        key: b\n',
    `certificate:\n    tls:\n        key: b\n        crt: "${TEXT}"\n`,
  ],
  [
    'keys that hold nothing yet',
    'certificate:\n  tls: # c\n    # d\n',
    `certificate:\n  tls: # c\n    crt: "${TEXT}"\n    # d\n`,
  ],
  ['null', 'certificate: null # c\nb: 1\n', `certificate: # c\n  tls:\n    crt: "${TEXT}"\nb: 1\n`],
  ['an empty mapping', 'certificate:\n  tls: {}\n', `${VALUE}"${TEXT}"\n`],
  ['a flow mapping', 'certificate: {tls: {key: b,}}\n', `certificate: {tls: {key: b, crt: "${TEXT}"}}\n`],
  [
    'an empty flow mapping in another',
    'certificate: {tls: {}, a: 1}\n',
    `certificate: {tls: {crt: "${TEXT}"}, a: 1}\n`,
  ],
  ['a flow mapping at the top', '{a: 1}\n', `{a: 1, certificate: {tls: {crt: "${TEXT}"}}}\n`],
  [
    'what a merge key brought in',
    `a: &a {crt: OLD}\ncertificate:\n  tls:\n    <<: *a\n`,
    `a: &a {crt: OLD}\ncertificate:\n  tls:\n    <<: *a\n    crt: "${TEXT}"\n`,
  ],
  ['CR LF', 'a: 1\r\n', `a: 1\n${VALUE}"${TEXT}"\n`.replaceAll('\n', '\r\n')],
];
for (const [what, before, expected] of ADDED) {
  test(`added where it is not there: ${what}`, async () => {
    assert.is(await after(before), expected);
  });
}

test('below a root, whose keys are quoted where they must be', async () => {
  assert.is(
    await after('a: 1\n', ['on', 'my chart', ...KEY]),
    `a: 1\n"on":\n  "my chart":\n    certificate:\n      tls:\n        key: "${TEXT}"\n`,
  );
});

test('several values, one of them emptied', async () => {
  const edited = await set(
    'certificate:\n  existing_cert: old # c\n',
    { path: SECRET, text: '' },
    { path: CRT, text: 'LS0tLSA' },
    { path: KEY, text: 'LS0tLSB' },
  );
  assert.is(
    edited.ok && edited.bytes.toString(),
    'certificate:\n  existing_cert: "" # c\n  tls:\n    crt: "LS0tLSA"\n    key: "LS0tLSB"\n',
  );
});

test('no place: a string or a list in its path, an anchor shared with other values', async () => {
  for (const text of [
    'certificate: text\n',
    'certificate: [a]\n',
    'a: &a\n  crt: OLD\ncertificate:\n  tls: *a\n',
    'certificate:\n  tls:\n    crt: &a OLD\nb: *a\n',
    'certificate:\n  tls:\n    crt: OLD\n---\ncertificate: null\n',
  ]) {
    assert.equal(
      await set(text, { path: CRT, text: TEXT }),
      { ok: false, diagnostic: { kind: 'no-place', path: CRT } },
      text,
    );
  }
});

test('a list or a mapping in its place is replaced as a whole, and what follows stays', async () => {
  for (const value of [
    '[a, b]',
    '{a: 1}',
    '\n      a: 1',
    '\n      - a\n      - b',
    '\n    - a',
    '\n      - |\n        a',
  ]) {
    const rest = '\n    key: KEY # c\nb: 1\n';
    const edited = await set(`certificate:\n  tls:\n    crt: ${value}${rest}`, { path: CRT, text: TEXT });
    assert.is(edited.ok && edited.bytes.toString(), `certificate:\n  tls:\n    crt: "${TEXT}"${rest}`, value);
  }
});

test('a file that Helm does not read is not edited, and the place is named', async () => {
  const edited = await set('a: 1\n  b: [\n', { path: CRT, text: TEXT });
  assert.is(edited.ok, false);
  if (!edited.ok && edited.diagnostic.kind === 'syntax')
    assert.is(edited.diagnostic.diagnostic.location.line, 1);
  else assert.unreachable();
});

const comment = fc.constantFrom('', ' # note', '   # LS0t: {x}');
const scalar = fc.oneof(
  fc.constantFrom('x', "'it''s'", '"a: \\"b\\" #"', '1', 'true', '~', '[1, {a: b}]', '{}', '*shared'),
  fc.constantFrom(
    '|\n    one\n\n    two',
    '>-  # c\n    one\n    two',
    '|+\n    kept\n',
    'over\n    lines',
    '"over\n    lines"',
  ),
);
const other = fc
  .tuple(fc.constantFrom('general', 'router', 'a-b', 'x.y'), scalar, comment)
  .map(([name, value, note]) =>
    /\n|^\|/.test(value) ? `${name}: ${value}\n` : `${name}: ${value}${note}\n`,
  );
const filler = fc.constantFrom('', '\n', '# a comment\n', '# crt: old\n\n');
const leafStyle = fc.constantFrom(
  'OLD',
  "'OLD'",
  '"OLD"',
  '"OL\n      D"',
  '|\n      OLD\n      OLD',
  '>-\n      OLD',
  '',
  '~',
  '&here OLD',
  '*shared',
);
const block = fc
  .record({
    style: leafStyle,
    note: comment,
    hasKey: fc.boolean(),
    isFlow: fc.boolean(),
    isThere: fc.boolean(),
  })
  .map(({ style, note, hasKey, isFlow, isThere }) => {
    if (!isThere) return '';
    if (isFlow)
      return `certificate: {existing_cert: "",${hasKey ? ' tls: {crt: "OLD"}' : ' tls: {}'}}${note}\n`;
    const crt = style.includes('\n') ? `    crt: ${style}\n` : `    crt: ${style}${note}\n`;
    return `certificate:${note}\n  existing_cert: ""\n  tls:\n${hasKey ? "    key: 'KEEP'\n" : ''}${crt}`;
  });

test('whatever else a file holds stays byte for byte, and says the same', async () => {
  const file = fc.record({
    before: fc.array(fc.oneof(other, filler), { maxLength: 4 }),
    block,
    tail: fc.array(fc.oneof(other, filler), { maxLength: 4 }),
    isCrLf: fc.boolean(),
    hasMark: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(file, async ({ before, block: middle, tail: last, isCrLf, hasMark }) => {
      const head = `${hasMark ? '\ufeff' : ''}shared: &shared OLD\n${before.join('')}`;
      const tail = last.join('');
      const lines = (text: string) => (isCrLf ? text.replaceAll('\n', '\r\n') : text);
      const text = lines(head + middle + tail);
      const edited = await set(text, { path: CRT, text: TEXT });
      assert.ok(edited.ok, JSON.stringify(text));
      const next = edited.ok ? edited.bytes.toString() : '';
      const isLast = middle === '';
      assert.ok(next.startsWith(lines(head)), next);
      assert.ok(isLast || next.endsWith(lines(tail)), next);
      const values = await readValues(Buffer.from(next), 'values.yaml');
      assert.is(values.ok && String(values.values.get(CRT).value).trim(), TEXT);
      const again = await set(next, { path: CRT, text: TEXT });
      assert.is(again.ok && again.bytes.toString(), next);
    }),
    tries(400),
  );
});

test.run();
