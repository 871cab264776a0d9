/** The gate checks the chart that Helm itself would load. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { packTar } from 'modern-tar';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { forEachHelm, helms, withHelmHome } from '../support/helms.ts';
import { CHAIN, inline, KEY, MISORDERED } from '../support/inline.ts';
import { COMMAND, type Outcome, run, runCommand } from '../support/run.ts';

const CHART = 'apiVersion: v2\nname: echo\nversion: 0.1.0\n';
const TEMPLATE =
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {ec: {{ .Values.certificate.existing_cert | quote }}}\n';
const values = (name: string) => `certificate:\n  existing_cert: "${name}"\n`;
const GOOD = 'good-name';
const BAD = 'Bad_NAME';

async function archive(
  entries: readonly (readonly [name: string, body: string | Buffer])[],
): Promise<Buffer> {
  const packed = entries.map(([name, body]) => ({
    header: { name, size: Buffer.byteLength(body), type: 'file' as const },
    body: new Uint8Array(Buffer.from(body)),
  }));
  return gzipSync(await packTar(packed));
}

interface Place {
  folder: string;
  gate(...args: string[]): Promise<Outcome>;
  helm(...args: string[]): Promise<Outcome>;
}

const inPlace = (bin: string, use: (place: Place) => Promise<void>) =>
  withHelmHome(async ({ folder, env: own }) => {
    const env = { ...own, HOME: folder, HELM_BIN: bin };
    await use({
      folder,
      gate: (...args) => runCommand(args, { cwd: folder, env }),
      helm: (...args) => run(bin, args, { cwd: folder, env }),
    });
  });

/** Helm alone says which name it renders; the gate has to have checked that one. */
async function assertChecked(
  { gate, helm }: Place,
  args: readonly string[],
  what: string,
  own: readonly string[] = [],
): Promise<string> {
  const plain = await helm('template', 'r', ...args);
  assert.is(plain.status, 0, `${what}: ${plain.stderr}`);
  const rendered = /ec: "(.*)"/.exec(plain.stdout)?.[1] ?? '';
  const gated = await gate('template', 'r', ...args, ...own);
  assert.is(gated.status, rendered === BAD ? 1 : 0, `${what}, ${rendered}: ${gated.stderr}`);
  return rendered;
}

await forEachHelm(test, ({ name, bin }, test) => {
  test(`${name}: names in an archive mean what they mean to Helm`, () =>
    inPlace(bin, async (place) => {
      const slashed = (chart: string, first: string, second: string, file: string) =>
        [
          ['echo/Chart.yaml', chart],
          ['echo/templates/c.yaml', TEMPLATE],
          ['echo/values.yaml', values(first)],
          [file, values(second)],
        ] as const;
      const seen = new Set<string>();
      for (const file of [
        'echo\\values.yaml',
        'echo/./values.yaml',
        'echo/foo/../values.yaml',
        'echo/other.yaml',
      ]) {
        for (const [first, second] of [
          [GOOD, BAD],
          [BAD, GOOD],
        ] as const) {
          await writeFile(join(place.folder, 'echo.tgz'), await archive(slashed(CHART, first, second, file)));
          seen.add(await assertChecked(place, ['echo.tgz'], file));
        }
      }
      assert.is(seen.size, 2);
      for (const each of [GOOD, BAD]) {
        const windows = [
          ['echo\\Chart.yaml', CHART],
          ['echo\\templates\\c.yaml', TEMPLATE],
          ['echo\\values.yaml', values(each)],
        ] as const;
        await writeFile(join(place.folder, 'echo.tgz'), await archive(windows));
        assert.is(await assertChecked(place, ['echo.tgz'], 'only backslashes'), each);
      }
    }));

  test(`${name}: a packed subchart in a packed chart, whatever its names look like`, () =>
    inPlace(bin, async (place) => {
      const template = TEMPLATE.replace('.Values.certificate', '.Values.sub.certificate');
      for (const delimiter of ['/', '\\']) {
        const sub = await archive([
          [['sub', 'Chart.yaml'].join(delimiter), CHART.replace('echo', 'sub')],
          [['sub', 'values.yaml'].join(delimiter), values(BAD)],
        ]);
        const top = await archive([
          ['echo/Chart.yaml', CHART],
          ['echo/templates/c.yaml', template],
          ['echo/charts/sub-0.1.0.tgz', sub],
        ]);
        await writeFile(join(place.folder, 'echo.tgz'), top);
        assert.is(await assertChecked(place, ['echo.tgz'], 'a subchart', ['--root=sub']), BAD);
      }
    }));

  test(`${name}: a packed chart that holds a private key is checked, and written under no name, also when killed`, () =>
    withHelmHome(async ({ folder, env: own }) => {
      const chart = (pem: string) =>
        archive([
          ['echo/Chart.yaml', CHART],
          ['echo/templates/c.yaml', TEMPLATE],
          ['echo/values.yaml', `${inline(pem)}  existing_cert: ""\n`],
        ]);
      await writeFile(join(folder, 'good.tgz'), await chart(CHAIN));
      await writeFile(join(folder, 'misordered.tgz'), await chart(MISORDERED));
      const temporary = join(folder, 'temporary');
      await mkdir(temporary);
      const seen = join(folder, 'seen');
      const list = `find '${temporary}' /dev/shm/lightrun-cert-* -type f -exec cat {} + 2>/dev/null`;
      const script = `#!/bin/sh\n{ echo asked; ${list}; } >>'${seen}'\n[ -z "$WAIT" ] || sleep 60\nexec '${bin}' "$@"\n`;
      await writeFile(join(folder, 'helm'), script, { mode: 0o755 });
      const env = { ...own, HOME: folder, HELM_BIN: join(folder, 'helm'), TMPDIR: temporary };
      const good = await runCommand(['template', 'r', 'good.tgz'], { cwd: folder, env });
      assert.is(good.status, 0, good.stderr);
      const bad = await runCommand(['template', 'r', 'misordered.tgz'], { cwd: folder, env });
      assert.is(bad.status, 1, bad.stderr);
      assert.match(bad.stderr, 'chain-order');
      const waiting = spawn(process.execPath, [COMMAND, 'template', 'r', 'good.tgz'], {
        cwd: folder,
        env: { ...env, WAIT: '1' },
        stdio: 'ignore',
        detached: true,
      });
      const asked = async () => (await readFile(seen, 'utf8')).split('asked').length - 1;
      const before = await asked();
      while ((await asked()) === before) await new Promise((resolve) => setTimeout(resolve, 20));
      // Both, as when a machine stops: nobody is left to remove anything.
      process.kill(-(waiting.pid as number), 'SIGKILL');
      await new Promise((resolve) => waiting.once('exit', resolve));
      assert.equal(await readdir(temporary), []);
      assert.not.match(await readFile(seen, 'utf8'), KEY);
    }));

  test(`${name}: a --root that Helm hands to no subchart stops the gate`, () =>
    inPlace(bin, async ({ folder, gate, helm }) => {
      const top = await archive([
        ['top/Chart.yaml', `${CHART}dependencies:\n- {name: sub, version: 0.1.0, alias: lr}\n`],
        ['top/charts/sub/Chart.yaml', CHART.replace('echo', 'sub')],
        [
          'top/charts/sub/templates/c.yaml',
          TEMPLATE.replace('.Values.certificate', '(.Values.certificate | default dict)'),
        ],
      ]);
      await writeFile(join(folder, 'top.tgz'), top);
      for (const [root, isRead] of [
        ['lr', true],
        ['sub', false],
        ['lightrun', false],
      ] as const) {
        await writeFile(join(folder, 'v.yaml'), `${root}:\n  certificate:\n    existing_cert: ${GOOD}\n`);
        const args = ['template', 'r', 'top.tgz', '-f', 'v.yaml'];
        assert.is((await helm(...args)).stdout.includes(`ec: "${GOOD}"`), isRead, root);
        const { status, stdout, stderr } = await gate(...args, '--root', root);
        assert.is(status, isRead ? 0 : 2, `${root}: ${stderr}`);
        if (!isRead) assert.is(stdout, '');
      }
    }));

  test(`${name}: a certificate at the top, which the Lightrun chart below does not read, stops the gate`, () =>
    inPlace(bin, async ({ folder, gate }) => {
      const sub = [
        ['top/charts/sub/Chart.yaml', CHART.replace('echo', 'sub')],
        ['top/charts/sub/values.yaml', 'certificate:\n  existing_cert: ""\n'],
      ] as const;
      const dependency = `${CHART}dependencies:\n- {name: sub, version: 0.1.0, alias: lr}\n`;
      await writeFile(join(folder, 'v.yaml'), values(GOOD));
      await writeFile(join(folder, 'top.tgz'), await archive([['top/Chart.yaml', dependency], ...sub]));
      const refused = await gate('template', 'r', 'top.tgz', '-f', 'v.yaml');
      assert.is(refused.status, 2, refused.stderr);
      assert.match(refused.stderr, /its subchart lr, .*\n.*add --root lr\./);
      // One that reads it itself.
      const own = ['top/values.yaml', values('')] as const;
      await writeFile(join(folder, 'top.tgz'), await archive([['top/Chart.yaml', dependency], own, ...sub]));
      assert.is((await gate('template', 'r', 'top.tgz', '-f', 'v.yaml')).status, 0);
    }));

  test(`${name}: an archive larger than Helm loads is refused, without unpacking it`, () =>
    inPlace(bin, async ({ folder, helm }) => {
      const large = '#'.repeat(60 * 1024 * 1024);
      const sub = await archive([
        ['sub/Chart.yaml', CHART.replace('echo', 'sub')],
        ['sub/values.yaml', large],
        ['sub/more.yaml', large],
        ['sub/most.yaml', large],
      ]);
      const subs = Array.from({ length: 8 }, (_, at) => [`echo/charts/s${at}.tgz`, sub] as const);
      await writeFile(join(folder, 'bomb.tgz'), await archive([['echo/Chart.yaml', CHART], ...subs]));
      assert.is((await helm('template', 'r', 'bomb.tgz')).status, 1);
      const env = { ...process.env, HELM_BIN: bin };
      const child: ChildProcess = spawn(
        'sh',
        [
          '-c',
          `ulimit -v 6000000; exec "$0" --max-old-space-size=512 "$1" template r bomb.tgz`,
          process.execPath,
          COMMAND,
        ],
        { cwd: folder, env },
      );
      let stderr = '';
      child.stderr?.on('data', (chunk) => {
        stderr += chunk;
      });
      const status = await new Promise((resolve) => child.once('close', resolve));
      assert.is(status, 2, stderr);
      assert.match(stderr, 'holds more than Helm loads: 5 MiB in a file, or 100 MiB in all');
    }));
});

// Which of the two it takes, each Helm decides otherwise.
for (const { name, bin } of await helms()) {
  test(`${name}: with --repo, a folder of the chart's name counts where Helm takes it`, () =>
    inPlace(bin, async (place) => {
      const { folder, helm } = place;
      const write = async (chart: string, secret: string) => {
        await mkdir(join(folder, chart, 'templates'), { recursive: true });
        await writeFile(join(folder, chart, 'Chart.yaml'), CHART);
        await writeFile(join(folder, chart, 'values.yaml'), values(secret));
        await writeFile(join(folder, chart, 'templates', 'c.yaml'), TEMPLATE);
      };
      await write('www/echo', GOOD);
      await helm('package', 'www/echo', '-d', 'www');
      await helm('repo', 'index', 'www');
      await write('echo', BAD);
      const server = createServer(async ({ url = '' }, response) => {
        const body = await readFile(join(folder, 'www', url.slice(1))).catch(() => null);
        response.writeHead(body === null ? 404 : 200).end(body);
      });
      server.unref();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const repo = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      try {
        const taken = await assertChecked(place, ['echo', '--repo', repo], '--repo');
        assert.is(taken, name === 'Helm 3' ? BAD : GOOD);
        await write('echo', GOOD);
        await write('www/echo', BAD);
        await helm('package', 'www/echo', '-d', 'www');
        await assertChecked(place, ['echo', '--repo', repo], '--repo, the other way round');
        const linted = await place.gate('lint', '--chart', 'echo', '--repo', repo);
        assert.is(linted.status, name === 'Helm 3' ? 0 : 1, linted.stdout);
      } finally {
        server.closeAllConnections();
        server.close();
      }
    }));
}

test.run();
