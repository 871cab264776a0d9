import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { unusedName } from '../../src/files/unused.ts';

test('a name beside the file that nothing has', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unused-'));
  try {
    const file = join(folder, 'my-cert.key');
    const names = ['my-cert.pkcs8.key', 'my-cert.pkcs8-2.key', 'my-cert.pkcs8-3.key'];
    for (const name of names) {
      assert.is(unusedName(file, '.pkcs8.key'), join(folder, name));
      writeFileSync(join(folder, name), '');
    }
    assert.is(unusedName('none/id_rsa', '.pkcs8.key'), 'none/id_rsa.pkcs8.key');
    assert.is(unusedName('-x.key', '.pkcs8.key'), '-x.pkcs8.key');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
