import { createPrivateKey } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { canaryOf, leaked } from '../support/canary.ts';
import { pkcs12 } from '../support/pkcs12.ts';
import { chain, key, pkcs8 } from '../support/pki.ts';
import { COMMAND, type Outcome, run } from '../support/run.ts';
import { inTerminal, shellWord } from '../support/terminal.ts';
import { pemYaml } from '../support/values-yaml.ts';

interface Desk {
  folder: string;
  file(name: string, content: string | Buffer): string;
  shell(line: string): Promise<Outcome>;
}

const test = suite<Desk>('the commands that encode prints are run as they are');

const WHOLE = chain({ depth: 2, keyKind: 'rsa2048' });
const KEY = pkcs8(WHOLE.leaf.privateKey);
const CANARY = canaryOf([KEY], [WHOLE.pem]);
const BIN = mkdtempSync(join(tmpdir(), 'bin-'));
/** As a terminal has it: not started by npx. */
const ENV = { ...process.env, PATH: `${BIN}:${process.env.PATH}`, npm_lifecycle_event: '' };
const VALUES = ["my 'own' values.yaml", '$(touch hit);values.yaml', '-values.yaml', 'wérte.yaml'];

test.before(() => {
  const program = join(BIN, 'lightrun-cert');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${COMMAND}' "$@"\n`);
  chmodSync(program, 0o755);
});
test.after(() => rmSync(BIN, { recursive: true }));

test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'encode-commands-'));
  context.file = (name, content) => {
    writeFileSync(join(context.folder, name), content);
    return name;
  };
  context.shell = async (line) => {
    const outcome = await run('sh', ['-c', line], { cwd: context.folder, env: ENV });
    assert.equal(leaked(outcome.stdout + outcome.stderr, CANARY), []);
    return outcome;
  };
  context.file('my-cert.key', KEY);
  context.file('full-chain.crt', WHOLE.pem);
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true }));

/** The lines of a message that are commands. */
function commandsOf({ stderr }: Outcome): string[] {
  const lines = stderr.split('\n').map((line) => line.trim());
  return lines.filter((line) => /^(lightrun-cert|openssl|ssh-keygen|install|keytool) /.test(line));
}

/** The content of every file but one. */
const others = (folder: string, but: string): string[] =>
  readdirSync(folder)
    .filter((name) => name !== but)
    .sort()
    .map((name) => `${name} ${readFileSync(join(folder, name), 'base64')}`);

const wordOf = (name: string) => shellWord(name.startsWith('-') ? `./${name}` : name);

for (const [at, name] of VALUES.entries()) {
  const write = `--write ${wordOf(name)}`;
  for (const [what, values, line] of [
    ['the key is missing', 'certificate: {}\n', `--cert full-chain.crt ${write}`],
    ['the certificates are missing', pemYaml(null, KEY), `--key my-cert.key ${write}`],
    ['both are missing', '', `--add full-chain.crt ${write}`],
    [
      'the key that is kept is another',
      pemYaml(null, pkcs8(key('rsa2048', 70))),
      `--cert full-chain.crt ${write}`,
    ],
    [
      'the certificates that are kept are of another key',
      pemYaml(chain({ depth: 2, keyKind: 'rsa2048', tag: 'x' }).pem, null),
      `--key my-cert.key ${write}`,
    ],
    [
      'SOPS has the key',
      'certificate: {tls: {key: "ENC[AES256_GCM,d]"}}\n',
      `--cert full-chain.crt ${write}`,
    ],
  ].slice(0, at === 0 ? undefined : 1) as [string, string, string][]) {
    test(`${name}: ${what}`, async ({ folder, file, shell }) => {
      file(name, values);
      const before = others(folder, name);
      let outcome = await shell(`lightrun-cert encode ${line}`);
      // Where both are missing, the second run names the other one.
      for (let runs = 0; runs < 2 && outcome.status !== 0; runs += 1) {
        const [command, ...more] = commandsOf(outcome).filter((each) => each.startsWith('lightrun-cert'));
        assert.ok(command, outcome.stderr);
        assert.equal(more, []);
        outcome = await shell(command);
      }
      assert.is(outcome.status, 0, outcome.stderr);
      assert.is((await shell(`lightrun-cert lint ${wordOf(name)}`)).status, 0);
      assert.equal(others(folder, name), before);
    });
  }
}

for (const name of ['my-cert.key', 'id rsa', "it's; touch hit.key", '-my.key']) {
  test(`${name}: an OpenSSH key is converted beside it`, async ({ folder, file, shell }) => {
    const made = await shell(`rm -f my-cert.key; ssh-keygen -q -t rsa -b 2048 -N '' -C x -f ${wordOf(name)}`);
    assert.is(made.status, 0, made.stderr);
    chmodSync(join(folder, name), 0o644);
    file('my-cert.pkcs8.key', 'mine');
    const before = readFileSync(join(folder, name));
    const refused = await shell(`lightrun-cert encode --cert full-chain.crt --key ${wordOf(name)}`);
    assert.is(refused.status, 2);
    const present = readdirSync(folder);
    for (const command of commandsOf(refused)) assert.is((await shell(command)).status, 0, command);
    const [converted, ...more] = readdirSync(folder).filter((each) => !present.includes(each));
    assert.equal(more, []);
    assert.is(createPrivateKey(readFileSync(join(folder, converted ?? ''))).asymmetricKeyType, 'rsa');
    assert.ok(readFileSync(join(folder, name)).equals(before));
    assert.is(readFileSync(join(folder, 'my-cert.pkcs8.key'), 'utf8'), 'mine');
  });
}

test('a PKCS#12 file that only OpenSSL opens goes through a pipe', async ({ folder, file, shell }) => {
  file('full-chain.crt', WHOLE.pem);
  const name = "my 'old'.pfx";
  const make = `openssl pkcs12 -export -legacy -keypbe PBE-SHA1-RC4-128 -certpbe PBE-SHA1-RC4-128 -in full-chain.crt -inkey my-cert.key -passout pass:secret -out ${shellWord(name)}`;
  assert.is((await shell(make)).status, 0);
  file('values.yaml', 'certificate: {existing_cert: mine}\n');
  const before = others(folder, 'values.yaml');
  file('passphrase', 'secret\n');
  const refused = await shell(
    `lightrun-cert encode --p12 ${shellWord(name)} --passphrase-file passphrase --write values.yaml`,
  );
  assert.is(refused.status, 2);
  rmSync(join(folder, 'passphrase'));
  const [command = '', ...more] = commandsOf(refused);
  assert.equal(more, []);
  const shown = await inTerminal(
    `cd ${shellWord(folder)} && export PATH=${shellWord(ENV.PATH)} && ${command}`,
    [['Enter Import Password:', 'secret\n']],
  );
  assert.match(shown, /values\.yaml {2}ok/);
  assert.equal(leaked(shown, CANARY), []);
  assert.is((await shell('lightrun-cert lint values.yaml')).status, 0);
  assert.equal(others(folder, 'values.yaml'), before);
});

test('an encrypted key of the file is decrypted in place with what is typed', async ({
  folder,
  file,
  shell,
}) => {
  const locked = WHOLE.leaf.privateKey
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' })
    .toString();
  file('values.yaml', pemYaml(WHOLE.pem, locked));
  const before = others(folder, 'values.yaml');
  const line = 'lightrun-cert encode --key values.yaml --write values.yaml';
  const shown = await inTerminal(`cd ${shellWord(folder)} && export PATH=${shellWord(ENV.PATH)} && ${line}`, [
    ['Passphrase for values.yaml: certificate.tls.key (not shown): ', 'secret\r'],
  ]);
  assert.match(shown, /values\.yaml: certificate\.tls\.key was written/);
  assert.equal(leaked(shown, CANARY), []);
  assert.is((await shell('lightrun-cert lint values.yaml')).status, 0);
  assert.equal(others(folder, 'values.yaml'), before);
});

test('inspect asks for the passphrase of a PKCS#12 file', async ({ folder, file }) => {
  const certificates = WHOLE.all.map(({ der }) => der);
  file('my.pfx', pkcs12({ certificates, keys: [WHOLE.leaf.privateKey], passphrase: 'secret' }));
  const shown = await inTerminal(
    `cd ${shellWord(folder)} && export PATH=${shellWord(ENV.PATH)} && lightrun-cert inspect my.pfx`,
    [['Passphrase for my.pfx (not shown): ', 'secret\r']],
  );
  assert.match(shown, /matches .*the leaf/, shown);
  assert.equal(leaked(shown, CANARY), []);
});

test.run();
