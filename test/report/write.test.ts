/** Every format by the command line: where the report goes, and that the exit status is the same in each. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { command } from '../support/command.ts';

const FORMATS = ['json', 'sarif', 'github', 'gitlab', 'junit'];
const GOOD = 'certificate:\n  existing_cert: my-tls\n';
const WARNED = 'certificate:\n  existing_cert: a\n  foo: b\n';
const BAD = 'certificate:\n  existing_cert: "A"\n';

const test = suite<{ folder: string; before: string }>('formats');

test.before.each((context) => {
  context.before = process.cwd();
  context.folder = mkdtempSync(join(tmpdir(), 'lightrun-cert-test-'));
  process.chdir(context.folder);
  for (const [name, text] of Object.entries({ good: GOOD, warned: WARNED, bad: BAD })) {
    writeFileSync(`${name}.yaml`, text);
  }
});
test.after.each(({ before, folder }) => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

for (const format of FORMATS) {
  test(`${format}: the exit status is that of the text`, async () => {
    for (const args of [
      ['good.yaml'],
      ['warned.yaml'],
      ['--strict', 'warned.yaml'],
      ['bad.yaml'],
      ['none.yaml'],
    ]) {
      const text = await command(['lint', ...args]);
      const { status, stderr } = await command(['lint', '--format', format, ...args]);
      assert.is(status, text.status);
      assert.is(stderr, text.stderr);
    }
  });

  test(`${format}: in a file, the very same`, async () => {
    const { stdout } = await command(['lint', '--format', format, 'bad.yaml']);
    const { status, stdout: rest } = await command([
      'lint',
      '--format',
      format,
      '--output',
      'report',
      'bad.yaml',
    ]);
    assert.equal([status, rest, readFileSync('report', 'utf8')], [1, '', stdout]);
  });
}

for (const format of FORMATS.filter((each) => each !== 'json')) {
  test(`${format}: paths count from the current folder, and what was not checked is reported`, async () => {
    const { stdout } = await command([
      'lint',
      '--format',
      format,
      join(process.cwd(), 'bad.yaml'),
      'none.yaml',
    ]);
    assert.match(stdout, /[^/]\bbad\.yaml/);
    assert.match(stdout, 'none.yaml cannot be read');
  });
}

test.run();
