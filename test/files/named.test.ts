import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { displayNamed, isThere, namedPath } from '../../src/files/named.ts';
import { REDACTED } from '../../src/text/redact.ts';

const RUN = 'aB3dE5fG7hJ9kL2mN4';
const folder = mkdtempSync(join(tmpdir(), 'named-'));
test.after(() => rmSync(folder, { recursive: true }));
const there = join(folder, RUN, `${RUN}x`);
mkdirSync(join(folder, RUN));
writeFileSync(there, '');

test('the path of a file or folder that is there is shown, whatever it looks like', () => {
  for (const path of [there, join(folder, RUN), relative('.', there), `${join(folder, RUN)}/`])
    assert.is(namedPath(path), path);
});

test('of a path that leads nowhere the part that is there is shown, and the rest where it is no key', () => {
  for (const [path, shown] of [
    [join(folder, RUN, 'prod', 'values'), join(folder, RUN, 'prod', 'values')],
    [join(folder, RUN, `${RUN}.yaml`), join(folder, RUN, `${RUN}.yaml`)],
    [join(folder, RUN, RUN), join(folder, RUN, REDACTED)],
    [join(folder, 'none', RUN), join(folder, REDACTED)],
    [join(there, RUN), join(there, REDACTED)],
    [`/${RUN}/${RUN}`, REDACTED],
    [`./${RUN}`, REDACTED],
    [`../${RUN}`, REDACTED],
    [RUN, REDACTED],
    [`${RUN}.yml`, `${RUN}.yml`],
    [`${RUN}.yml/`, REDACTED],
    [join(folder, 'aB3d'.repeat(16), 'tls.crt'), join(folder, REDACTED, 'tls.crt')],
    [
      join(folder, 'aB3d'.repeat(16).slice(1), 'tls.crt'),
      join(folder, 'aB3d'.repeat(16).slice(1), 'tls.crt'),
    ],
    ['/Users/JohnDoe/Documents/GitHub/infrastructure', '/Users/JohnDoe/Documents/GitHub/infrastructure'],
    [`oci://example.com/${RUN}`, `oci://example.com/${RUN}`],
    ['x'.repeat(15), 'x'.repeat(15)],
    ['', ''],
  ] as const) {
    assert.is(namedPath(path), shown);
  }
});

test('it is safe to show, without a password', () => {
  assert.is(displayNamed('a\x1b.yaml'), 'a\\x1b.yaml');
  assert.is(displayNamed('https://admin:secret@host/values.yaml'), 'https://***@host/values.yaml');
});

test('a name that is too long, or below a file, is not there', () => {
  assert.ok(isThere(there));
  for (const path of ['x'.repeat(10_000), join(there, 'x'), '', 'a\0b']) assert.not.ok(isThere(path));
});

test.run();
