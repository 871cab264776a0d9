import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const start = promisify(execFile);

/**
 * Runs the openssl command.
 * @returns its standard output
 * @throws where it is not installed, or fails
 */
export async function openssl(folder: string, ...args: string[]): Promise<string> {
  return (await start('openssl', args, { cwd: folder })).stdout;
}

const EXTENSIONS = `[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = serverAuth
subjectAltName = DNS:lightrun.example.com
[req]
distinguished_name = name
[name]
`;

const KEYS = {
  rsa: ['-newkey', 'rsa:2048'],
  ec: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
} as const;

/**
 * Makes root, intermediate and leaf with openssl, each with its key (PKCS#8) beside it: `root.pem`, `root.key` and so
 * on, in a folder.
 */
export async function opensslChain(folder: string, kind: keyof typeof KEYS): Promise<void> {
  await writeFile(join(folder, 'extensions'), EXTENSIONS);
  const request = ['req', '-new', '-config', 'extensions', '-nodes', ...KEYS[kind]];
  const files = (name: string) => ['-keyout', `${name}.key`, '-out', `${name}.pem`];
  await openssl(
    folder,
    ...request,
    '-x509',
    '-extensions',
    'ca',
    '-days',
    '30',
    '-subj',
    '/CN=Root',
    ...files('root'),
  );
  for (const [name, issuer, extensions] of [
    ['intermediate', 'root', 'ca'],
    ['leaf', 'intermediate', 'leaf'],
  ] as const) {
    await openssl(
      folder,
      ...request,
      '-subj',
      `/CN=${name}`,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
    );
    const signer = ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`, '-CAcreateserial', '-days', '30'];
    const extended = ['-extfile', 'extensions', '-extensions', extensions];
    await openssl(
      folder,
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      ...signer,
      ...extended,
      '-out',
      `${name}.pem`,
    );
  }
}
