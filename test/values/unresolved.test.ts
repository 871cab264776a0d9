import { strictEqual } from 'node:assert/strict';
import { test } from 'uvu';
import { resolverOf } from '../../src/values/unresolved.ts';

const ENVIRONMENT = 'a tool that fills in environment variables, such as envsubst or Flux';
const OCTOPUS = 'Octopus Deploy, or the task Replace Tokens';
const TEMPLATE = 'a tool that renders templates, such as helmfile';
const JINJA = 'Ansible or another tool that uses Jinja';
const TOKENS = 'a tool that replaces tokens';

const RESOLVED: readonly [value: string, name: string][] = [
  ['ENC[AES256_GCM,data:x]', 'SOPS'],
  ['ENC[PKCS7,MIIB]', 'hiera-eyaml'],
  ['${{ secrets.TLS_CRT }}', 'GitHub Actions'],
  ['${var.tls_crt}', 'Terraform'],
  ['${data.aws_secret.tls.crt}', 'Terraform'],
  ['${filebase64("tls.crt")}', 'Terraform'],
  ['${tls_private_key.x.private_key_pem}', 'Terraform'],
  ['%{ if var.tls }x%{ endif }', 'Terraform'],
  ['${ssm:/tls/crt}', 'the Serverless Framework'],
  ['((tls.crt))', 'Concourse'],
  ['{{ op://vault/item/field }}', '1Password'],
  ['${TLS_CRT:-none}', ENVIRONMENT],
  ['ref+vault://a/b', 'vals'],
  ['secretref+awsssm://a', 'vals'],
  ['<path:secret/data/tls#crt>', 'the Argo CD Vault plugin'],
  ['$ANSIBLE_VAULT;1.1;AES256', 'Ansible Vault'],
  ['vault:secret/data/tls#crt', 'Bank-Vaults'],
  ['op://vault/item/field', '1Password'],
  ['${TLS_CRT}', ENVIRONMENT],
  ['$TLS_CRT', ENVIRONMENT],
  ['$(TLS_CRT)', 'Azure Pipelines'],
  ['$[variables.crt]', 'Azure Pipelines'],
  ['$(certs.tls-crt)', 'Azure Pipelines'],
  ['#{TLS_CRT}', OCTOPUS],
  ['#{TLS_CRT}#', OCTOPUS],
  ['{{ .Values.crt }}', TEMPLATE],
  ['{{ readFile "crt.b64" }}', TEMPLATE],
  ['{{ tls_crt }}', JINJA],
  ["{{ lookup('file', 'tls.crt') }}", JINJA],
  ['{{ crt | b64encode }}', JINJA],
  ['{% raw %}', JINJA],
  ['__TLS_CRT__', TOKENS],
  ['@@TLS_CRT@@', TOKENS],
  ['%TLS_CRT%', TOKENS],
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
  // Nothing fills these in: a placeholder says so.
  '$(base64 -w0 tls.crt)',
  '$(base64 < tls.crt)',
  '$(<tls.crt)',
  '{{ .Files.Get "tls.crt" | b64enc }}',
  '{{- .Files.Get "tls.crt" }}',
  '((',
  'a ((b))',
  5,
  null,
  ['${A}'],
]) {
  test(`any other value is what Helm uses: ${JSON.stringify(value)}`, () => {
    strictEqual(resolverOf(value), null);
  });
}

test('a reference is in the first 2,048 characters', () => {
  strictEqual(resolverOf(`${'A'.repeat(2048 - 4)}\${X}`)?.name, ENVIRONMENT);
  strictEqual(resolverOf(`${'A'.repeat(2048 - 3)}\${X}`), null);
});

test.run();
