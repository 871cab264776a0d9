/** What asks for more than is affordable: refused in time, and what is affordable is not. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { BOUNDED } from '../../scripts/growth-bounded.ts';
import { command } from '../support/command.ts';
import { sampled } from '../support/property.ts';

/** Twice what `npm run growth` allows a process of its own, for a machine that does other work. */
const BOUND = 4000;
const FOLDER = mkdtempSync(join(tmpdir(), 'bounded-'));
test.after(() => rmSync(FOLDER, { recursive: true, force: true }));

for (const { name, flags = [], yaml, status } of sampled(BOUNDED, 2)) {
  test(name, async () => {
    const file = join(FOLDER, 'values.yaml');
    writeFileSync(file, yaml(), { mode: 0o600 });
    const before = process.cpuUsage();
    const ended = await command(['lint', ...flags, file]);
    const { user, system } = process.cpuUsage(before);
    assert.is(ended.status, status, ended.stderr);
    if (status === 2) assert.match(ended.stderr, /too costly to check|too many or too long values/);
    assert.ok(user + system < BOUND * 1000, `${(user + system) / 1000} ms`);
  });
}

test.run();
