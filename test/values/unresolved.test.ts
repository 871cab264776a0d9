import { strictEqual } from 'node:assert/strict';
import { test } from 'uvu';
import { resolverOf } from '../../src/values/unresolved.ts';

const RESOLVED: readonly [value: string, name: string][] = [
  ['ENC[AES256_GCM,data:x]', 'SOPS'],
  ['ref+vault://a/b', 'vals'],
  ['secretref+awsssm://a', 'vals'],
  ['<path:secret/data/tls#crt>', 'the Argo CD Vault plugin'],
  ['$ANSIBLE_VAULT;1.1;AES256', 'Ansible Vault'],
  ['vault:secret/data/tls#crt', 'Bank-Vaults'],
  ['op://vault/item/field', '1Password'],
  ['${TLS_CRT}', 'an environment variable'],
  ['$TLS_CRT', 'an environment variable'],
  ['$(TLS_CRT)', 'a pipeline variable'],
  ['#{TLS_CRT}#', 'a pipeline variable'],
  ['{{ .Values.crt }}', 'a template'],
  ['{% raw %}', 'a template'],
  ['__TLS_CRT__', 'a token'],
  ['@@TLS_CRT@@', 'a token'],
  ['%TLS_CRT%', 'a token'],
];
for (const [value, name] of RESOLVED) {
  test(`what is filled in later is recognised: ${value}`, () => {
    strictEqual(resolverOf(value)?.name, name);
  });
}

for (const value of [
  'LS0tLS1CRUdJTg==',
  'my-tls',
  '',
  'a$b',
  'a:b',
  '50%',
  'x@y',
  '_x_',
  '$',
  '<path>',
  'vault:x',
  5,
  null,
  ['${A}'],
]) {
  test(`any other value is what Helm uses: ${JSON.stringify(value)}`, () => {
    strictEqual(resolverOf(value), null);
  });
}

test('a reference is in the first 2,048 characters', () => {
  strictEqual(resolverOf(`${'A'.repeat(2048 - 4)}\${X}`)?.name, 'an environment variable');
  strictEqual(resolverOf(`${'A'.repeat(2048 - 3)}\${X}`), null);
});

test.run();
