/** What no upgrade restarts: said by the values alone, by the manifests of both Helms, and as it was recorded. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseAllDocuments } from 'yaml';
import { previousIn } from '../../src/lint/upgrade.ts';
import { unrestartedIn } from '../../src/manifests/workloads.ts';
import { forEachHelm, withHelmHome } from '../support/helms.ts';
import { lintText } from '../support/lint.ts';
import { writePlatform } from '../support/platform.ts';
import { ROLLOUTS, type Rollout, valuesOf } from '../support/rollouts.ts';
import { run } from '../support/run.ts';

const { LIGHTRUN_CHART: chartOfLightrun } = process.env;
const sorted = (names: readonly string[]) => [...names].sort();

async function byHandIn({ before, after }: Rollout, release: string | null): Promise<readonly string[]> {
  const previous = previousIn({ bytes: Buffer.from(JSON.stringify(valuesOf(before))), name: 'old.json' });
  const outcome = await lintText(JSON.stringify(valuesOf(after)), { previous, release });
  return outcome.target.upgrade?.byHand ?? [];
}

for (const rollout of ROLLOUTS) {
  test(`by the values alone: ${rollout.name}`, async () => {
    assert.equal(sorted(await byHandIn(rollout, 'prod')), sorted(rollout.byHand));
  });
}

test('where the release is not known, what it is called is left open, and a Secret by name is not taken for its own', async () => {
  const [another] = ROLLOUTS as [Rollout];
  assert.equal(await byHandIn(another, null), ['deployment/RELEASE-backend', 'deployment/RELEASE-crons']);
  const shared = ROLLOUTS.find(({ name }) => name.includes('services mount too')) as Rollout;
  assert.equal(
    await byHandIn(shared, null),
    ['backend', 'crons', 'router'].map((name) => `deployment/RELEASE-${name}`),
  );
});

interface Manifest {
  kind: string;
  metadata: { name: string };
  data?: object;
  spec?: { template?: { spec: { volumes?: { secret?: { secretName?: string } }[] } } };
}

/** What the manifests show, without any of this program: a Secret's data changes, and what mounts it stays the same. */
function shown(before: string, after: string): string[] {
  const [old, now] = [before, after].map((text) =>
    parseAllDocuments(text)
      .map((document) => document.toJS() as Manifest | null)
      .filter((each): each is Manifest => each !== null),
  ) as [Manifest[], Manifest[]];
  const same = (one: Manifest) => (other: Manifest) =>
    other.kind === one.kind && other.metadata.name === one.metadata.name;
  const changed = now
    .filter((each) => each.kind === 'Secret' && each.data)
    .filter((each) => {
      const previous = old.find(same(each));
      return previous !== undefined && !isDeepStrictEqual(previous.data, each.data);
    })
    .map(({ metadata }) => metadata.name);
  return now
    .filter((each) => /^(Deployment|StatefulSet|DaemonSet)$/.test(each.kind))
    .filter((each) =>
      (each.spec?.template?.spec.volumes ?? []).some(({ secret }) =>
        changed.includes(secret?.secretName ?? ''),
      ),
    )
    .filter((each) => isDeepStrictEqual(old.find(same(each))?.spec?.template, each.spec?.template))
    .map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`);
}

await forEachHelm(test, ({ name, bin }, test) => {
  for (const which of ['a chart like it', ...(chartOfLightrun ? ['the Lightrun chart'] : [])]) {
    test(`${name}, ${which}: the manifests show the same`, () =>
      withHelmHome(async ({ folder, env }) => {
        await mkdir(folder, { recursive: true });
        const own = join(folder, 'chart');
        await writePlatform(own);
        const chart = which === 'the Lightrun chart' ? String(chartOfLightrun) : own;
        const render = async (values: object): Promise<string> => {
          const file = join(folder, 'values.json');
          await writeFile(file, JSON.stringify(values));
          const { status, stdout, stderr } = await run(bin, ['template', 'prod', chart, '-f', file], {
            cwd: folder,
            env,
          });
          assert.is(status, 0, stderr);
          return stdout;
        };
        for (const { name: title, before, after, byHand } of ROLLOUTS) {
          const [old, now] = [await render(valuesOf(before)), await render(valuesOf(after))];
          assert.equal(sorted(shown(old, now)), sorted(byHand), title);
          const found = byHand.length > 0 ? await unrestartedIn(old, now, 'prod-certificate') : [];
          assert.equal(sorted(found), sorted(byHand), title);
        }
      }));
  }
});

test.run();
