/** What is checked is what is run: files that change meanwhile stop the gate, and what Helm fetches again is named. */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { writeChart } from '../support/chart.ts';
import { forEachHelm, withHelmHome } from '../support/helms.ts';
import { CHAIN, inline } from '../support/inline.ts';
import { type Outcome, run, runCommand } from '../support/run.ts';

interface Place {
  folder: string;
  bin: string;
  /** @param change a line of shell that is run after the values were merged */
  template(args: readonly string[], change?: string): Promise<Outcome>;
}

const inPlace = (bin: string, use: (place: Place) => Promise<void>) =>
  withHelmHome(async ({ folder, env }) => {
    await writeChart(join(folder, 'chart'));
    await writeFile(join(folder, 'good.yaml'), inline(CHAIN));
    await writeFile(join(folder, 'host'), 'lightrun.example.com');
    const helm = join(folder, 'changing-helm');
    await writeFile(
      helm,
      `#!/bin/sh\n'${bin}' "$@"; status=$?\nif [ "$2" = lightrun-cert ]; then eval "$CHANGE"; fi\nexit $status\n`,
      { mode: 0o755 },
    );
    const template: Place['template'] = async (args, change = '') => {
      const all = { ...env, HOME: folder, HELM_BIN: helm, CHANGE: change };
      const done = await runCommand(['template', 'r', ...args], { cwd: folder, env: all });
      return { ...done, stderr: done.stderr.replace(/\n +/g, ' ') };
    };
    await use({ folder, bin, template });
  });

const SET_FILE = ['--set-file', 'general.lightrun_endpoint=host'];
const ARGS = ['chart', '-f', 'good.yaml', ...SET_FILE];

await forEachHelm(test, ({ name, bin }, test) => {
  test(`${name}: a local file that changed while it was checked ends with 2, and nothing is run`, () =>
    inPlace(bin, async ({ folder, bin: helm, template }) => {
      await run(helm, ['package', 'chart'], { cwd: folder });
      for (const [args, change, changed] of [
        [ARGS, 'echo >> good.yaml', 'good.yaml'],
        [ARGS, 'printf x >> host', 'host'],
        [ARGS, 'rm host', 'host'],
        [ARGS, 'echo "# x" >> chart/values.yaml', 'chart/values.yaml'],
        [ARGS, 'echo "# x" >> chart/templates/certificate.yaml', 'chart/templates/certificate.yaml'],
        [ARGS, 'touch chart/templates/new.yaml', 'chart/templates/new.yaml'],
        [ARGS, 'mkdir -p chart/files; echo x > chart/files/read.txt', 'chart/files/read.txt'],
        [['lightrun-0.1.0.tgz', '-f', 'good.yaml'], 'printf x >> lightrun-0.1.0.tgz', 'lightrun-0.1.0.tgz'],
      ] as const) {
        const { status, stdout, stderr } = await template(args, change);
        assert.is(status, 2, change);
        assert.is(stdout, '', change);
        assert.match(stderr, `${changed} changed while it was being checked`);
        assert.match(stderr, 'helm template was not run');
        await writeFile(join(folder, 'host'), 'lightrun.example.com');
      }
    }));

  test(`${name}: files that are written again as they are, another folder, and the report do not matter`, () =>
    inPlace(bin, async ({ folder, template }) => {
      await mkdir(join(folder, 'chart', '.git'));
      for (const change of [
        'touch good.yaml chart/values.yaml',
        'cp good.yaml x; mv x good.yaml',
        'echo x > other',
      ]) {
        const { status, stderr } = await template(ARGS, change);
        assert.is(status, 0, stderr);
        assert.not.match(stderr, 'once more');
      }
      assert.is((await template(ARGS, 'echo x > chart/.git/HEAD')).status, 0);
      const report = ['--lint-format=json', '--lint-output=chart/report.json'];
      const reported = await template([...ARGS, ...report]);
      assert.is(reported.status, 0, reported.stderr);
      assert.equal(
        JSON.parse(await readFile(join(folder, 'chart', 'report.json'), 'utf8')).targets[0].notes,
        undefined,
      );
    }));

  test(`${name}: what Helm fetches again, and a post-renderer, are named, with what to do about it`, () =>
    inPlace(bin, async ({ folder, bin: helm, template }) => {
      await mkdir(join(folder, 'www'));
      await run(helm, ['package', 'chart', '-d', 'www'], { cwd: folder });
      const files: Record<string, Buffer> = {
        '/values.yaml': await readFile(join(folder, 'good.yaml')),
        '/lightrun-0.1.0.tgz': await readFile(join(folder, 'www', 'lightrun-0.1.0.tgz')),
      };
      const server = createServer(({ url = '' }, response) => {
        const body = files[url.replace(/\?.*/, '')];
        response.writeHead(body === undefined ? 404 : 200).end(body);
      });
      server.unref();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
      try {
        const remote = await template([
          `http://${host}/lightrun-0.1.0.tgz`,
          '-f',
          `http://user:hunter2@${host}/values.yaml?token=hunter3`,
        ]);
        assert.is(remote.status, 0, remote.stderr);
        assert.match(remote.stderr, `Helm fetches http://${host}/values.yaml once more when it runs`);
        assert.match(remote.stderr, `Helm fetches the chart http://${host}/lightrun-0.1.0.tgz once more`);
        assert.match(remote.stderr, 'name the archive that helm pull makes');
        assert.not.match(remote.stderr.replace(/^.* {2}ok/, ''), /hunter/);
      } finally {
        server.close();
        server.closeAllConnections();
      }
    }));
});

test.run();
