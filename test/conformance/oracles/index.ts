/** The real consumers of a pair, as far as this machine has them, each behind the same question. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadRefusal } from '../../support/consumers.ts';
import { Loopback, type ServerFiles } from './loopback.ts';
import { clockOf, curlCffi, goProgram, javaClasses, javas, onPath, source } from './programs.ts';
import { type Answer, Worker } from './worker.ts';

export type { Answer } from './worker.ts';

/** A pair with what its clients trust and look for. */
export interface AskedPair extends ServerFiles {
  /** PEM of the roots that clients trust; null where no client could trust the pair, so that none is asked. */
  roots: string | null;
  /** What the certificate has to be for; null where that is not looked at. */
  host: string | null;
}

/** The consumers of consumers.md, and GnuTLS, which none of them is: it shows how a client walks that takes the first issuer. */
export type OracleConsumer = 'openssl' | 'nginx' | 'go' | 'java' | 'browser' | 'gnutls';

/** One real program. */
export interface Oracle {
  /** Such as `java-8` or `chrome`. */
  id: string;
  consumer: OracleConsumer;
  version: string;
  ask(pair: AskedPair): Promise<Answer>;
  stop(): Promise<void>;
}

/** The oracles that run, and why the others do not. */
export interface Oracles {
  running: readonly Oracle[];
  missing: readonly { id: string; why: string }[];
}

type Starter = (env: NodeJS.ProcessEnv, loopback: Loopback) => Promise<Oracle>;
type Entry = readonly [id: string, start: Starter];

/**
 * Starts every oracle that this machine has; fetches what can be fetched.
 * @param at the time that clients see; the real one unless told
 * @throws Error where another time is wanted, and there is no faketime
 */
export async function startOracles(at?: Date): Promise<Oracles> {
  const env = at ? await clockOf(at) : {};
  const loopback = new Loopback();
  const entries: Entry[] = [
    ['openssl', startOpenssl],
    ['nginx', startNginx],
    ['go', startGo],
    [
      'node',
      (own) => client('node', 'openssl', [process.execPath, source('node-client.mjs')], own, loopback),
    ],
    ['curl', startCurl],
    ...(await javaEntries(at)),
    ...['chrome', 'firefox', 'safari'].map((name): Entry => [name, browserStarter(name)]),
    ['gnutls', (own) => client('gnutls', 'gnutls', ['python3', source('gnutls.py')], own, loopback)],
  ];
  const running: Oracle[] = [];
  const missing: { id: string; why: string }[] = [];
  const started = await Promise.allSettled(entries.map(([, start]) => start(env, loopback)));
  for (const [place, outcome] of started.entries()) {
    if (outcome.status === 'fulfilled') running.push(outcome.value);
    else missing.push({ id: entries[place]?.[0] ?? '', why: (outcome.reason as Error).message });
  }
  return { running, missing };
}

/** Asks all about one pair. */
export async function askAll(oracles: readonly Oracle[], pair: AskedPair): Promise<Map<string, Answer>> {
  const answers = await Promise.all(oracles.map((oracle) => oracle.ask(pair)));
  return new Map(oracles.map(({ id }, at) => [id, answers[at] as Answer]));
}

/** Asks all about pairs, about each once: what only the linter is told makes no difference to a client. */
export function askerOf(oracles: readonly Oracle[]): Asker {
  const known = new Map<string, Promise<ReadonlyMap<string, Answer>>>();
  return (pair) => {
    const { crt, key, roots, host } = pair;
    const name = createHash('sha256')
      .update(JSON.stringify([base64(crt), base64(key), roots, host]))
      .digest('hex');
    const answers = known.get(name) ?? askAll(oracles, pair);
    known.set(name, answers);
    return answers;
  };
}

/** What every oracle says of a pair, by its identifier. */
export type Asker = (pair: AskedPair) => Promise<ReadonlyMap<string, Answer>>;

const base64 = (bytes: string | Buffer): string => Buffer.from(bytes).toString('base64');

/** A client that is a program of its own and shakes hands. */
async function client(
  id: string,
  consumer: OracleConsumer,
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  loopback: Loopback,
): Promise<Oracle> {
  const worker = await Worker.start(command, env);
  return {
    id,
    consumer,
    version: worker.version,
    ask: (pair) => {
      const { roots, host } = pair;
      if (roots === null) return Promise.resolve({ accepts: null, because: 'no root is known' });
      return loopback.tried(pair, (port) => worker.ask(port, host ?? '', base64(roots)));
    },
    stop: () => worker.stop(),
  };
}

/** Java has a time to validate at; under a library that changes the clock it hangs. */
async function javaEntries(at?: Date): Promise<Entry[]> {
  const found = await javas();
  const classes = javaClasses();
  classes.catch(() => {});
  return found.map((java, place): Entry => {
    const start: Starter = async (_, loopback) => {
      if (java instanceof Error) throw java;
      const small = ['-Xmx192m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
      const time = at ? [`-Dat=${at.getTime()}`] : [];
      const command = [java, ...small, ...time, '-cp', await classes, 'JavaClient'];
      const oracle = await client('java', 'java', command, {}, loopback);
      const major = /^(?:1\.)?(\d+)/.exec(oracle.version)?.[1];
      return { ...oracle, id: `java-${major}` };
    };
    return [`java ${place + 1}`, start];
  });
}

function browserStarter(name: string): Starter {
  return async (env, loopback) => {
    const own = { ...env, PYTHONPATH: await curlCffi() };
    return client(name, 'browser', ['python3', source('boringssl.py'), name], own, loopback);
  };
}

const startGo: Starter = async () => {
  const worker = await Worker.start([await goProgram()]);
  return {
    id: 'go',
    consumer: 'go',
    version: worker.version,
    ask: ({ crt, key, host }) => worker.ask(host ?? '', base64(crt), base64(key)),
    stop: () => worker.stop(),
  };
};

/** Loads the pair as a server does, at OpenSSL's own security level. */
const startOpenssl: Starter = async () => ({
  id: 'openssl',
  consumer: 'openssl',
  version: process.versions.openssl,
  ask: async ({ crt, key }) => answerOf(loadRefusal(crt, key)),
  stop: async () => {},
});

const answerOf = (refusal: string | null): Answer => ({
  accepts: refusal === null,
  because: refusal ?? '',
});

/** `nginx -t` with the pair, at the security level of the distribution. */
const startNginx: Starter = async () => {
  const nginx = onPath('nginx');
  if (nginx === null) throw new Error('there is no nginx on this machine');
  const folder = await mkdtemp(join(tmpdir(), 'lightrun-cert-nginx-'));
  const { stderr } = await finished(nginx, ['-v']);
  let asked = 0;
  return {
    id: 'nginx',
    consumer: 'nginx',
    version: stderr.trim().replace(/^.*nginx\//, ''),
    ask: async ({ crt, key }) => {
      asked += 1;
      const own = join(folder, String(asked));
      await Promise.all([
        writeFile(`${own}.crt`, crt),
        writeFile(`${own}.key`, key, { mode: 0o600 }),
        writeFile(`${own}.password`, 'none\n'),
        writeFile(`${own}.conf`, nginxConfiguration(own)),
      ]);
      const { status, stderr: told } = await finished(nginx, [
        '-t',
        '-q',
        '-e',
        'stderr',
        '-c',
        `${own}.conf`,
      ]);
      await Promise.all(
        ['crt', 'key', 'password', 'conf', 'sock'].map((end) => rm(`${own}.${end}`, { force: true })),
      );
      return answerOf(
        status === 0
          ? null
          : told
              .replace(/^\S+ \S+ \[\w+\] \S+ /, '')
              .replaceAll(`${own}.`, 'tls.')
              .replaceAll(/\s+/g, ' ')
              .trim(),
      );
    },
    stop: () => rm(folder, { recursive: true, force: true }),
  };
};

/** With a password for encrypted keys: without one nginx asks for it, and waits. */
const nginxConfiguration = (own: string): string => `pid ${own}.pid;
events {}
http {
  access_log off;
  server {
    listen unix:${own}.sock ssl;
    ssl_certificate ${own}.crt;
    ssl_certificate_key ${own}.key;
    ssl_password_file ${own}.password;
  }
}
`;

/** The curl of this machine. */
const startCurl: Starter = async (env, loopback) => {
  const curl = onPath('curl');
  if (curl === null) throw new Error('there is no curl on this machine');
  const { stdout } = await finished(curl, ['--version']);
  const folder = await mkdtemp(join(tmpdir(), 'lightrun-cert-curl-'));
  let asked = 0;
  return {
    id: 'curl',
    consumer: 'openssl',
    version: /^curl (\S+).*?(\w*SSL\S*)/.exec(stdout)?.slice(1).join(' with ') ?? 'unknown',
    ask: async (pair) => {
      const { roots, host } = pair;
      if (roots === null) return { accepts: null, because: 'no root is known' };
      asked += 1;
      const file = join(folder, `${asked}.pem`);
      await writeFile(file, roots);
      const answer = await loopback.tried(pair, async (port) => {
        const url = `https://${host ?? 'localhost'}:${port}/`;
        const where = ['--connect-to', `::127.0.0.1:${port}`, '--noproxy', '*', '--max-time', '20'];
        const trust = ['--cacert', file, ...(host === null ? ['--insecure'] : [])];
        const said = await finished(curl, ['-sS', '--http1.1', ...where, ...trust, url], env);
        return answerOf(said.status === 0 ? null : said.stderr.split('\n')[0] || `status ${said.status}`);
      });
      await rm(file, { force: true });
      return answer;
    },
    stop: () => rm(folder, { recursive: true, force: true }),
  };
};

function finished(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(program, args, { env: { ...process.env, ...env }, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ status: error ? Number(error.code) || 1 : 0, stdout, stderr });
    });
  });
}
