/** Who may read an edited file: with the real cp and, where the tests run as root, other users. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { replaceFile } from '../../src/files/write.ts';
import { chain, pkcs8 } from '../support/pki.ts';
import { COMMAND } from '../support/run.ts';
import { base64, inlineYaml } from '../support/values-yaml.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'access-'));
const FILE = join(FOLDER, 'values.yaml');
const [OLD, NEW] = [Buffer.from('old'), Buffer.from('new')];
const { leaf, pem } = chain({ tag: 'access', depth: 1 });
/** Wrapped, which --fix joins. */
const FIXABLE = inlineYaml(base64(pem).replace(/^.{64}/, '$& '), base64(pkcs8(leaf.privateKey)));

test.before.each(() => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER);
  writeFileSync(FILE, 'old');
});
test.after(() => rmSync(FOLDER, { recursive: true, force: true }));

const modeOf = (path: string) => statSync(path).mode & 0o7777;

test('every mode stays, read-only ones too, and is said to be read-only', () => {
  for (const mode of [0o600, 0o640, 0o660, 0o664, 0o604, 0o755, 0o444, 0o400]) {
    writeFileSync(FILE, 'old');
    chmodSync(FILE, mode);
    const notes = replaceFile(FILE, OLD, NEW);
    assert.equal([modeOf(FILE), readFileSync(FILE, 'utf8')], [mode, 'new']);
    assert.equal(notes, (mode & 0o222) === 0 ? ['it was read-only, and still is'] : []);
    rmSync(FILE);
  }
});

test('other names of the same file are said to keep the old content', () => {
  const other = join(FOLDER, 'other');
  linkSync(FILE, other);
  assert.equal(replaceFile(FILE, OLD, NEW), [
    'it had 2 names (hard links); under the others the old content is still there',
  ]);
  assert.is(readFileSync(other, 'utf8'), 'old');
});

test('without a cp that copies access control lists, the group keeps only what everybody may do', () => {
  const path = process.env.PATH;
  process.env.PATH = join(FOLDER, 'nothing');
  try {
    for (const [before, after] of [
      [0o660, 0o600],
      [0o664, 0o644],
      [0o640, 0o600],
      [0o644, 0o644],
      [0o600, 0o600],
      [0o604, 0o604],
    ] as const) {
      writeFileSync(FILE, 'old');
      chmodSync(FILE, before);
      const notes = replaceFile(FILE, OLD, NEW);
      assert.is(modeOf(FILE), after);
      assert.is(notes.length, before === after ? 0 : 1);
      if (before !== after)
        assert.match(notes.join(), /no cp that copies an access control list.*mode 0660|0664|0640/);
    }
  } finally {
    process.env.PATH = path;
  }
});

/** An access control list as Linux keeps it: another user may read, the group may nothing. Python, since Node cannot. */
const ACL = `
import os, struct, sys
entries = [(1, 6, 2**32 - 1), (2, 4, 65534), (4, 0, 2**32 - 1), (16, 4, 2**32 - 1), (32, 0, 2**32 - 1)]
acl = struct.pack('<I', 2) + b''.join(struct.pack('<HHI', *entry) for entry in entries)
if sys.argv[1] == 'set':
    os.setxattr(sys.argv[2], 'system.posix_acl_access', acl)
    os.setxattr(sys.argv[2], 'user.note', b'kept')
print(sorted((name, os.getxattr(sys.argv[2], name)) for name in os.listxattr(sys.argv[2])))
`;
const acl = (what: 'get' | 'set') => spawnSync('python3', ['-c', ACL, what, FILE], { encoding: 'utf8' });

writeFileSync(FILE, 'old');
if (process.platform === 'linux' && acl('set').status === 0) {
  test('an access control list and extended attributes stay', () => {
    const { stdout } = acl('set');
    assert.match(stdout, /posix_acl_access.*user\.note/);
    assert.is(modeOf(FILE), 0o640);
    assert.equal(replaceFile(FILE, OLD, NEW), []);
    assert.equal([modeOf(FILE), acl('get').stdout], [0o640, stdout]);
  });

  test('what of a list cannot be copied does not become a right of the group', () => {
    acl('set');
    const path = process.env.PATH;
    process.env.PATH = '';
    try {
      replaceFile(FILE, OLD, NEW);
    } finally {
      process.env.PATH = path;
    }
    assert.is(modeOf(FILE), 0o600);
  });
}

const [ALICE, SECRETS, BOB, EVERYONE] = [5001, 6001, 5002, 6002];
const asBob = (groups: number, args: readonly string[]) =>
  spawnSync(
    'setpriv',
    [`--reuid=${BOB}`, `--regid=${EVERYONE}`, `--groups=${groups}`, process.execPath, COMMAND, ...args],
    { encoding: 'utf8' },
  );

if (process.getuid?.() === 0 && asBob(SECRETS, ['--version']).status === 0) {
  const shared = (mode: number) => {
    writeFileSync(FILE, FIXABLE);
    chmodSync(FOLDER, 0o777);
    chownSync(FILE, ALICE, SECRETS);
    chmodSync(FILE, mode);
  };
  const owners = () => [statSync(FILE).uid, statSync(FILE).gid, modeOf(FILE)];

  test('root keeps the owner and the group of another user', () => {
    shared(0o640);
    const before = readFileSync(FILE);
    assert.equal(replaceFile(FILE, before, NEW), []);
    assert.equal(owners(), [ALICE, SECRETS, 0o640]);
  });

  test('a member of the group keeps the group', () => {
    shared(0o660);
    const { stderr } = asBob(SECRETS, ['lint', '--fix', FILE]);
    assert.equal(owners(), [BOB, SECRETS, 0o660]);
    assert.match(stderr, 'it now belongs to you; user 5001 owned it');
    assert.is.not(readFileSync(FILE, 'utf8'), FIXABLE);
  });

  test('someone else cannot keep the group, and takes its rights away', () => {
    shared(0o664);
    const { stderr } = asBob(EVERYONE, ['lint', '--fix', FILE]);
    assert.equal(owners(), [BOB, EVERYONE, 0o644]);
    assert.match(stderr, 'its group (6001) could not be kept');
    assert.match(stderr, '(mode 0664 is now 0644)');
  });

  test('where others own the names in a folder, neither file of a pair is replaced', () => {
    const [key, crt] = [join(FOLDER, 'tls.key'), join(FOLDER, 'tls.crt')];
    for (const path of [key, crt]) writeFileSync(path, 'old');
    chownSync(key, BOB, EVERYONE);
    chmodSync(FOLDER, 0o1777);
    const args = ['generate', '--host', 'a.example', '--key', 'ec256', '--out-dir', FOLDER, '--force'];
    const { status, stderr } = asBob(EVERYONE, args);
    assert.is(status, 2);
    assert.match(stderr, 'tls.crt cannot be written: operation not permitted');
    assert.equal(
      [key, crt].map((path) => readFileSync(path, 'utf8')),
      ['old', 'old'],
    );
    assert.is(statSync(key).uid, BOB);
    assert.equal(readdirSync(FOLDER).sort(), ['tls.crt', 'tls.key', 'values.yaml']);
  });
}

test('a pair that replaces a link and a file leaves nothing beside it', () => {
  const [key, crt] = [join(FOLDER, 'tls.key'), join(FOLDER, 'tls.crt')];
  symlinkSync('values.yaml', key);
  writeFileSync(crt, 'old');
  const args = ['generate', '--host', 'a.example', '--key', 'ec256', '--out-dir', FOLDER, '--force'];
  assert.is(spawnSync(process.execPath, [COMMAND, ...args]).status, 0);
  assert.is(readFileSync(FILE, 'utf8'), 'old');
  assert.equal(readdirSync(FOLDER).sort(), ['tls.crt', 'tls.key', 'values.yaml']);
});

test.run();
