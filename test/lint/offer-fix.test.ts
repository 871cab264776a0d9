/** No command is offered that would refuse the file. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lint } from '../../src/lint/lint.ts';
import { offerFix } from '../../src/lint/offer-fix.ts';
import { KEY, MISORDERED } from '../support/inline.ts';
import { lintOptions } from '../support/lint.ts';
import { base64 } from '../support/values-yaml.ts';

const TLS = `  crt: ${base64(MISORDERED)}\n  key: ${base64(KEY)}\n`;

async function commandsFor(yaml: string): Promise<readonly string[]> {
  const options = lintOptions({
    invocation: { program: 'lightrun-cert', caFiles: [], caFileFlag: '--ca-file', kubectl: 'kubectl' },
  });
  const bytes = Buffer.from(yaml);
  const [outcome] = await offerFix(
    [await lint(bytes, 'values.yaml', options)],
    { bytes, name: 'values.yaml' },
    options,
  );
  const finding = outcome?.findings.find(({ rule }) => rule === 'chain-order');
  assert.ok(finding);
  return finding?.commands ?? [];
}

test('values in a mapping that others share by an alias cannot be edited: nothing is offered', async () => {
  assert.equal(await commandsFor(`x: &tls\n${TLS}certificate:\n  tls: *tls\n`), []);
});

test('an alias elsewhere, or of one value, is no obstacle', async () => {
  const fix = ['lightrun-cert lint --fix values.yaml'];
  const own = `certificate:\n  tls:\n${TLS.replace(/^/gm, '  ').trimEnd()}\n`;
  assert.equal(await commandsFor(`a: &a 1\nb: *a\n${own}`), fix);
  assert.equal(
    await commandsFor(
      `a: &a ${base64(MISORDERED)}\ncertificate:\n  tls:\n    crt: *a\n    key: ${base64(KEY)}\n`,
    ),
    fix,
  );
});

test.run();
