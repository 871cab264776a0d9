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

test('lint loads what reads certificates only where there is one, and slow parts of Node only where needed', async () => {
  const { inputs } = (await bundleAll()).main.metafile;
  const loadedBy = (...files: string[]): readonly string[] => {
    const loaded = new Set(files);
    for (const file of loaded) {
      for (const { path, kind } of inputs[file]?.imports ?? [])
        if (kind === 'import-statement') loaded.add(path);
    }
    return [...loaded];
  };
  const always = loadedBy('src/bin.ts', 'src/commands/lint.ts');
  const withCertificates = loadedBy('src/x509/material.ts', 'src/x509/roots.ts', 'src/clients/clients.ts');
  assert.ok(always.includes('src/rules/chain-order.ts'));
  const certificates = /asn1js|^node:crypto$|^src\/x509\/(asn1|certificate)\.ts$|^src\/clients\/clients\.ts$/;
  assert.ok(withCertificates.some((file) => certificates.test(file)));
  assert.equal(
    always.filter((file) => certificates.test(file)),
    [],
  );
  const slow = /^node_modules\/yaml\/|^node:(child_process|http|net|stream|tls|url|worker_threads|zlib)$/;
  assert.equal(
    [...always, ...withCertificates].filter((file) => slow.test(file)),
    [],
  );
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
