/** `# lightrun-cert: ignore RULE`: where a comment counts, what it silences, and that every report names it. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { command } from '../support/command.ts';
import { CHAIN, inline, KEY, MISORDERED } from '../support/inline.ts';
import { base64 } from '../support/values-yaml.ts';

const BAD = base64(MISORDERED);
const C = '# lightrun-cert: ignore chain-order, pair-refused';
const tls = (crt: string, key = `    key: ${KEY}\n`) => `certificate:\n  tls:\n${crt}${key}`;
const INFO = '# lightrun-cert: ignore secret-name';

const lintIt = async (stdin: string, ...args: string[]) => {
  const { stdout, stderr, status } = await command(['lint', '--format', 'json', ...args, '-'], { stdin });
  const report = JSON.parse(stdout);
  const [target] = report.targets;
  const of = (list: { rule: string }[]) => list.map(({ rule }) => rule);
  return {
    status,
    stderr,
    summary: report.summary,
    found: of(target.findings),
    ignored: of(target.ignored),
    target,
  };
};

for (const [where, text] of [
  ['after a plain value', tls(`    crt: ${BAD} ${C}\n`)],
  ['after a quoted value', tls(`    crt: "${BAD}"   ${C}  \n`)],
  ['with other white space', tls(`    crt: ${BAD} #lightrun-cert:  ignore\tchain-order,pair-refused\n`)],
  ['with line ends of Windows', tls(`    crt: ${BAD} ${C}\n`).replaceAll('\n', '\r\n')],
  ['alone above it', tls(`    ${C}\n    crt: ${BAD}\n`)],
  ['alone above it, further left', tls(`${C}\n    crt: ${BAD}\n`)],
  ['on the line of a block', tls(`    crt: | ${C}\n      ${BAD}\n`)],
  ['above a block', tls(`    ${C}\n    crt: |-\n      ${BAD}\n`)],
  ['on the line of the key', tls(`    crt: ${C}\n      ${BAD}\n`)],
  ['after a flow mapping', `certificate: {tls: {crt: "${BAD}", key: "${KEY}"}} ${C}\n`],
  [
    'at the end of a quoted value of two lines',
    tls(`    crt: "${BAD.slice(0, 400)}\\\n      ${BAD.slice(400)}" ${C}\n`),
  ],
] as const) {
  test(`a comment counts ${where}`, async () => {
    const { status, found, ignored, summary } = await lintIt(text);
    assert.equal([found, ignored, status], [[], ['chain-order'], 0]);
    assert.equal([summary.errors, summary.ignored], [0, 1]);
  });
}

for (const [where, text] of [
  ['below the value', tls(`    crt: ${BAD}\n    ${C}\n`)],
  ['two lines above it', tls(`    ${C}\n\n    crt: ${BAD}\n`)],
  ['after another value above it', `certificate:\n  tls:\n    key: ${KEY} ${C}\n    crt: ${BAD}\n`],
  ['for another rule', tls(`    crt: ${BAD} # lightrun-cert: ignore chain-extra\n`)],
  ['without a rule', tls(`    crt: ${BAD} # lightrun-cert: ignore\n`)],
  ['with more text', tls(`    crt: ${BAD} ${C} please\n`)],
  ['in a block above', tls(`    note: |\n      ${C}\n    crt: ${BAD}\n`)],
] as const) {
  test(`a comment does not count ${where}`, async () => {
    const { status, found, ignored } = await lintIt(text, '--rule', 'values-unknown-key=off');
    assert.ok(found.includes('chain-order'), where);
    assert.equal([ignored, status], [[], 1]);
  });
}

test('text in a quoted value is no comment', async () => {
  for (const text of [
    `certificate:\n  existing_cert: "A ${INFO}"\n`,
    `certificate:\n  existing_cert: "A\n    ${INFO}\n    B"\n`,
    `certificate:\n  existing_cert: 'A ${INFO}\n    B'\n`,
  ]) {
    const { found, ignored } = await lintIt(text);
    assert.equal([found.includes('secret-name'), ignored], [true, []], text);
  }
});

test('only that value is silenced: a finding of two values needs both comments', async () => {
  const broken = '"*AAA"';
  const ignore = '# lightrun-cert: ignore base64-invalid';
  const both = (one: string, other: string) =>
    `certificate:\n  tls:\n    crt: ${broken} ${one}\n    key: ${broken} ${other}\n`;
  const [none, one, two] = await Promise.all([
    lintIt(both('', '')),
    lintIt(both(ignore, '')),
    lintIt(both(ignore, ignore)),
  ]);
  assert.equal([none.found, one.found, two.found], [['base64-invalid'], ['base64-invalid'], []]);
  assert.is(two.target.checked, 'part');
});

test('where values are checked together one comment is enough', async () => {
  const ignore = '# lightrun-cert: ignore source-conflict';
  const both = (one: string, other: string) =>
    `certificate:\n  existing_cert: my-tls ${one}\n  tls: {crt: ${base64(CHAIN)}, key: ${KEY}} ${other}\n`;
  assert.equal((await lintIt(both('', ''))).found, ['source-conflict']);
  for (const text of [both(ignore, ''), both('', ignore)]) {
    const { found, ignored } = await lintIt(text);
    assert.equal([found, ignored], [[], ['source-conflict']]);
  }
});

test('at the top it speaks for what is missing; a switch off is no reason for 2', async () => {
  const { found, ignored, status } = await lintIt('# lightrun-cert: ignore source-missing\ngeneral: {}\n');
  assert.equal([found, ignored, status], [[], ['source-missing'], 0]);
  const required = await lintIt(
    '# lightrun-cert: ignore source-missing\ngeneral: {}\n',
    '--require-certificate',
  );
  assert.is(required.status, 1);
  const unresolved = await lintIt(
    'certificate:\n  existing_cert: "${NAME}" # lightrun-cert: ignore values-unresolved\n',
  );
  assert.equal([unresolved.status, unresolved.stderr, unresolved.target.checked], [0, '', 'none']);
});

test('it is counted and named in every format', async () => {
  const stdin = tls(`    crt: ${BAD} ${C}\n`);
  const said = 'chain-order is ignored by a comment: certificate.tls.crt (line 3).';
  for (const format of ['text', 'sarif', 'github', 'gitlab', 'junit', 'oneline']) {
    const { stdout, status } = await command(['lint', '--format', format, '-'], { stdin });
    assert.is(status, 0);
    assert.match(stdout, said, format);
    if (format === 'text' || format === 'github') assert.match(stdout, /no findings, 1 ignored\n$/);
  }
  const quiet = await command(['lint', '--quiet', '-'], { stdin });
  assert.match(quiet.stdout, said);
  assert.match(
    (await command(['lint', '--format', 'junit', '-'], { stdin })).stdout,
    /name="chain-order"[^>]*><skipped message="ignored by a comment"/,
  );
  const { target } = await lintIt(stdin);
  const { file, line, path, severity } = target.ignored[0];
  assert.equal([file, line, path, severity], ['<stdin>', 3, 'certificate.tls.crt', 'error']);
});

const UNKNOWN = '# lightrun-cert: ignore chain-ordr';

for (const [where, text, line] of [
  ['after a value', tls(`    crt: ${BAD} ${UNKNOWN}\n`), 3],
  ['alone above a value', tls(`    ${UNKNOWN}\n    crt: ${BAD}\n`), 3],
  ['beside one that exists', tls(`    crt: ${BAD} # lightrun-cert: ignore chain-order, chain-ordr\n`), 3],
  ['where nothing is found', `${inline(CHAIN)}general:\n  name: a ${UNKNOWN}\n`, 6],
  ['on the line of a block', tls(`    crt: | ${UNKNOWN}\n      ${BAD}\n`), 3],
  ['with line ends of Windows', tls(`    crt: ${BAD} ${UNKNOWN}\n`).replaceAll('\n', '\r\n'), 3],
] as const) {
  test(`a rule that does not exist is an error, as it is for --rule: ${where}`, async () => {
    const { status, stderr, target } = await lintIt(text);
    assert.is(status, 2);
    assert.match(
      stderr,
      `<stdin>:${line}: there is no rule chain-ordr, which a comment ignores\n  Did you mean chain-order? All rules: `,
    );
    // What was found is reported all the same.
    const isSilenced = text.includes('chain-order,');
    assert.is(target.findings.length, text.includes(BAD) && !isSilenced ? 1 : 0);
  });
}

test('what looks like such a comment in a string, or names no rule at all, is not read', async () => {
  for (const text of [
    `note: "a ${UNKNOWN}"\n`,
    `note: |\n  ${UNKNOWN}\n  x\n`,
    `note: 'a\n  ${UNKNOWN}\n  b'\n`,
    '# lightrun-cert: ignore\n',
    '# lightrun-cert: ignore chain-ordr please\n',
  ]) {
    const { status, stderr } = await lintIt(inline(CHAIN) + text);
    assert.equal([status, stderr], [0, ''], text);
  }
});

test('a file without such a comment is as before', async () => {
  const { found, ignored, summary } = await lintIt(inline(CHAIN));
  assert.equal([found, ignored, summary.ignored], [[], [], 0]);
});

test.run();
