import { join } from 'node:path';
import { LintError } from '../errors.ts';
import { createFiles, createOrReplaceFiles, makeFolder, refuseExisting } from '../files/write.ts';
import { certificateBlock, guardExistingKey, type PemPair, writeIntoValues } from '../fix/write-values.ts';
import type { Io } from '../io.ts';
import { parseRoot } from '../options/check.ts';
import type { Arguments } from '../options/flags.ts';
import { displayFile } from '../text/display.ts';

const OUTPUTS = ['out-dir', 'write', 'print'] as const;

/** Where the certificate and its private key go. */
export interface Output {
  /** @throws LintError where writing would overwrite a file or a private key */
  refuse(io: Io): Promise<void>;
  /** @throws LintError where it cannot be written; then nothing has changed */
  write(pair: PemPair, io: Io): Promise<void>;
  /** What to do next, in lines. */
  next: readonly string[];
}

/**
 * The output that the flags name.
 * @throws LintError where they do not name exactly one
 */
export function outputOf(given: Arguments): Output {
  const [name, ...more] = OUTPUTS.filter((each) => given.has(each));
  const root = parseRoot(given);
  if (name === undefined) {
    throw new LintError(
      'generate needs to know where to put the certificate and its private key',
      'Use one of --out-dir DIR (files), --write FILE (a values file) or --print (a block for values.yaml).',
    );
  }
  if (more.length > 0) {
    throw new LintError(`--${name} and --${more[0]} cannot be used together`, 'Leave one of them out.');
  }
  if (name === 'out-dir' && given.has('root')) {
    throw new LintError('--root names a place in a values file, and --out-dir writes none', given.seeHelp);
  }
  if (name === 'print' && given.has('force')) {
    throw new LintError('--force has no effect with --print, which writes no file', given.seeHelp);
  }
  const value = given.last(name) ?? '';
  if (name === 'out-dir') return toDirectory(value, given.has('force'));
  return name === 'write' ? intoValues(value, root, given.has('force')) : asBlock(root);
}

function toDirectory(directory: string, isForced: boolean): Output {
  const [crt, key] = [join(directory, 'tls.crt'), join(directory, 'tls.key')];
  const [crtWord, keyWord] = [shellWord(crt), shellWord(key)];
  return {
    refuse: async () => {
      if (!isForced) refuseExisting([crt, key]);
    },
    write: async (pair) => {
      makeFolder(directory);
      (isForced ? createOrReplaceFiles : createFiles)([
        { path: key, text: pair.key, mode: 0o600 },
        { path: crt, text: pair.crt, mode: 0o644 },
      ]);
    },
    next: [
      `Wrote ${displayFile(crt)} and its private key ${displayFile(key)} (mode 0600). Keep the key out of Git.`,
      'To put both into values.yaml:',
      `  helm lightrun-cert encode --cert ${crtWord} --key ${keyWord} --write values.yaml`,
      'Or create a Secret for existing_cert to name:',
      `  kubectl create secret tls lightrun-tls --cert=${crtWord} --key=${keyWord} --namespace NAMESPACE`,
    ],
  };
}

function intoValues(file: string, root: readonly string[], isForced: boolean): Output {
  return {
    refuse: async (io) => {
      if (!isForced) await guardExistingKey(file, root, io);
    },
    write: async (pair, io) => void (await writeIntoValues(file, root, pair, io)),
    next: [
      'The file now holds a private key: keep it out of Git. To check the whole file:',
      `  ${lintCommand(file, root)}`,
    ],
  };
}

function asBlock(root: readonly string[]): Output {
  return {
    refuse: async () => {},
    write: async (pair, io) => io.stdout(`# Self-signed, for testing only.\n${certificateBlock(pair, root)}`),
    next: [
      'The block holds a private key: keep it out of Git. Once it is in values.yaml, check the file:',
      `  ${lintCommand('values.yaml', root)}`,
    ],
  };
}

function lintCommand(file: string, root: readonly string[]): string {
  const flag = root.length > 0 ? ` --root ${shellWord(root.join('.'))}` : '';
  return `helm lightrun-cert lint${flag} ${shellWord(file)}`;
}

/** A word, quoted for a POSIX shell where it needs to be. */
function shellWord(text: string): string {
  const shown = displayFile(text);
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}
