/** What real Helms say of values that they cannot read or fetch, after this program has passed it on. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FORMATS } from '../../src/options/report.ts';
import { canaryOf, leaked } from '../support/canary.ts';
import { command } from '../support/command.ts';
import { forEachHelm, withHelmHome } from '../support/helms.ts';
import { chain, pkcs8 } from '../support/pki.ts';
import { base64 } from '../support/values-yaml.ts';

const test = suite('no part of a private key or password is in what is said of Helm');

const { leaf, pem } = chain({ tag: 'canary', depth: 1 });
const KEY = base64(pkcs8(leaf.privateKey));
const DER = leaf.privateKey.export({ format: 'der', type: 'pkcs8' });
const canary = canaryOf([pkcs8(leaf.privateKey)], [pem]);
const PASSWORD = 'canary-password-of-the-repository';

await forEachHelm(test, (helm, test) => {
  test(helm.name, () =>
    withHelmHome(async ({ folder, env }) => {
      const values = join(folder, 'values.yaml');
      const broken = join(folder, 'broken.tgz');
      writeFileSync(values, `certificate:\n  tls:\n    crt: ${base64(pem)}\n    key: ${KEY}\n`);
      writeFileSync(broken, KEY);
      const url = `https://admin:${PASSWORD}@127.0.0.1:1/values.yaml`;
      const says = async (args: readonly string[], status: number | null): Promise<string> => {
        const ended = await command(args, {
          env: { ...(env as Record<string, string>), HELM_BIN: helm.bin },
        });
        const output = ended.stdout + ended.stderr;
        assert.equal(leaked(output, canary), [], `${args.join(' ').slice(0, 90)}\n${output}`);
        assert.not.ok(output.includes(PASSWORD) || output.includes('admin'), output);
        if (status !== null) assert.is(ended.status, status, output);
        return output;
      };

      const lint = ['lint', '-f', values];
      for (const format of FORMATS) {
        const said = await says(
          [...lint, '--set', `certificate.tls.key=${KEY.slice(0, -9)}`, '--format', format],
          1,
        );
        assert.ok(said.includes('--set certificate.tls.key'), said);
      }
      // Some of these Helm takes for something else than a mistake.
      for (const args of [
        ['--set', `certificate.tls.key[0={${KEY}`],
        ['--set', `certificate.tls[${KEY}`],
        ['--set', KEY],
        ['--set-json', `certificate.tls.key={"${KEY}`],
        ['--set-json', KEY],
        ['--set-file', `certificate.tls.key=${KEY}`],
        ['--set-file', `certificate.tls.key=${DER.toString('base64')}`],
        ['--set-file', `certificate.tls.key=${DER.toString('hex').replace(/..(?=.)/g, '$&:')}`],
        ['--set-file', `certificate.tls.key=${url}`],
        ['-f', url],
        ['--chart', 'lightrun', '--repo', url],
        ['--chart', url],
        ['--chart', broken],
      ]) {
        await says([...lint, ...args], null);
      }
      const missing = '/Users/JohnDoe/Documents/GitHub/infrastructure/my-cert.key';
      const said = await says([...lint, '--set-file', `certificate.tls.key=${missing}`], 2);
      assert.ok(said.includes(`open ${missing}: no such file`), said);
    }),
  );
});

test.run();
