import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readTarget, withSecret } from '../../src/lint/target.ts';
import { REDACTED } from '../../src/text/redact.ts';
import { readValues } from '../../src/values/read.ts';
import { lintOptions } from '../support/lint.ts';
import { key, pkcs8 } from '../support/pki.ts';
import { base64 } from '../support/values-yaml.ts';

test('the name of a live Secret that is a piece of the private key in the values is redacted', async () => {
  const privateKey = key('p256');
  const piece = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(36, 52).toString('hex');
  for (const [name, shown] of [
    [piece, REDACTED],
    ['d41d8cd98f00b204e9800998ecf8427e', 'd41d8cd98f00b204e9800998ecf8427e'],
  ] as const) {
    const yaml = `certificate:\n  existing_cert: ${name}\n  tls: {key: ${base64(pkcs8(privateKey))}}\n`;
    const read = await readValues(Buffer.from(yaml), 'values.yaml');
    if (!read.ok) throw new Error('not read');
    const trust = lintOptions();
    const target = await readTarget('values.yaml', read.values, [], trust, null, null);
    const live = {
      name,
      namespace: 'lightrun',
      found: null,
      going: null,
      isRendered: false,
      isNamespaceMissing: false,
    };
    assert.is((await withSecret(target, live, trust)).live?.name, shown);
  }
});

test.run();
