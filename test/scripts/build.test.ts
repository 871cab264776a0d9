import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bundleAll } from '../../scripts/build.mjs';
import { CHAIN, inline } from '../support/inline.ts';
import { COMMAND, run } from '../support/run.ts';

const GENERATE = ['generate', '--host', 'lightrun.example.com', '--key', 'ec256', '--print'];

test('pkijs is in the chunk of generate only, and nothing of the commands is in there', async () => {
  const { main, chunk } = await bundleAll();
  const [program, separate] = [main, chunk].map(({ metafile }) => Object.keys(metafile.inputs));
  const pkijs = 'node_modules/pkijs/build/index.js';
  assert.ok(separate?.includes(pkijs));
  assert.not.ok(program?.some((file) => /node_modules\/(pkijs|bytestreamjs|@noble)\//.test(file)));
  // A second copy of a class that the program tells apart by instanceof would be another class.
  assert.not.ok(separate?.some((file) => /^src\/(commands|errors|lint|options|rules)/.test(file)));
});

test('without the chunk, lint works as before and generate does not', async () => {
  const dist = await mkdtemp(join(tmpdir(), 'lightrun-cert-'));
  try {
    await cp(dirname(COMMAND), dist, { recursive: true });
    const command = join(dist, 'lightrun-cert.cjs');
    const start = (args: readonly string[], stdin = '') =>
      run(process.execPath, [command, ...args], { stdin });
    assert.is((await start(GENERATE)).status, 0);

    await rm(join(dist, 'pkijs.cjs'));
    const { status, stdout } = await start(['lint', '-'], inline(CHAIN));
    assert.is(status, 0, stdout);
    assert.match(stdout, '  ok');
    const generated = await start(GENERATE);
    assert.equal([generated.status, generated.stdout], [2, '']);
  } finally {
    await rm(dist, { recursive: true });
  }
});

test.run();
