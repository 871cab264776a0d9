/** Devices, pipes and descriptors are checked as any file is, and no command is printed that would have to edit them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { command } from '../support/command.ts';
import { inline, MISORDERED } from '../support/inline.ts';
import { COMMAND } from '../support/run.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'special-'));
test.after(() => rmSync(FOLDER, { recursive: true, force: true }));
const FILES = {
  // By `lint --fix` and by `encode`.
  'misordered.yaml': inline(MISORDERED),
  'placeholder.yaml': 'certificate:\n  tls: {crt: "<crt>", key: "<key>"}\n',
  'misplaced.yaml': 'certificate:\n  existingCert: my-tls\n',
  'pasted.yaml': inline(MISORDERED).replace(/(?<=crt: .{64})/, '\n'),
  'empty.yaml': '',
};
for (const [name, text] of Object.entries(FILES)) writeFileSync(join(FOLDER, name), text);

const bash = (line: string) =>
  JSON.parse(spawnSync('bash', ['-c', `cd ${FOLDER}; ${line}`], { encoding: 'utf8' }).stdout);
const LINT = `'${process.execPath}' '${COMMAND}' lint --no-config --format json`;
type Report = { targets: { findings: { commands: string[] }[] }[] };
const findingsOf = (report: Report) => report.targets.flatMap(({ findings }) => findings);

for (const [how, line] of [
  ['a process substitution', (file: string) => `${LINT} <(cat ${file})`],
  ['a named pipe', (file: string) => `mkfifo pipe; cat ${file} > pipe & ${LINT} pipe; rm pipe`],
  ['/dev/stdin', (file: string) => `cat ${file} | ${LINT} /dev/stdin`],
  ['/dev/stdin, redirected from a file', (file: string) => `${LINT} /dev/stdin < ${file}`],
  ['standard input', (file: string) => `${LINT} - < ${file}`],
] as const) {
  test(`${how}: findings, and no command`, () => {
    for (const file of Object.keys(FILES)) {
      const findings = findingsOf(bash(line(file)));
      assert.ok(findings.length > 0, file);
      for (const { commands } of findings) assert.equal(commands, [], file);
    }
  });
}

test('/dev/null, also by a link: likewise', async () => {
  const link = join(FOLDER, 'link.yaml');
  symlinkSync('/dev/null', link);
  for (const file of ['/dev/null', link]) {
    const { stdout } = await command(['lint', '--format', 'json', file]);
    assert.equal(
      findingsOf(JSON.parse(stdout)).map(({ commands }) => commands),
      [[]],
    );
  }
});

test('a regular file has its command, an empty one too, which works', async () => {
  for (const file of Object.keys(FILES)) {
    const { stdout } = await command(['lint', '--format', 'json', join(FOLDER, file)]);
    for (const { commands } of findingsOf(JSON.parse(stdout))) assert.is(commands.length, 1, file);
  }
  assert.is(
    (await command(['generate', '--host', 'a.test', '--write', join(FOLDER, 'empty.yaml')])).status,
    0,
  );
});

test.run();
