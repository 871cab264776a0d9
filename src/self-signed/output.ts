import { join } from 'node:path';
import { LintError } from '../errors.ts';
import { createFiles, createOrReplaceFiles, makeFolder, refuseExisting } from '../files/create.ts';
import { certificateBlock } from '../fix/block.ts';
import { guardExistingKey } from '../fix/guard-existing-key.ts';
import type { PemPair } from '../fix/pair.ts';
import { writeIntoValues } from '../fix/write-values.ts';
import type { Io } from '../io.ts';
import { type Arguments, seeHelp } from '../options/flags.ts';
import { parseRoot } from '../options/parse.ts';
import { displayFile } from '../text/display.ts';

const OUTPUTS = ['out-dir', 'write', 'print'] as const;

/** Where the pair goes. */
export interface Output {
  /** @throws LintError where something is there already that would be lost */
  refuse(io: Io): Promise<void>;
  /** @throws LintError where it cannot be written; then all is as it was */
  write(pair: PemPair, io: Io): Promise<void>;
  /** What to do then, in lines. */
  next: readonly string[];
}

/**
 * What the flags say of it.
 * @throws LintError where they do not name exactly one place
 */
export function outputOf(given: Arguments): Output {
  const [name, ...more] = OUTPUTS.filter((each) => given.has(each));
  const root = parseRoot(given);
  if (name === undefined) {
    throw new LintError(
      'generate has to be told where the certificate and its key go',
      'Say one: --out-dir DIR (files), --write FILE (into a values file) or --print (a block for values.yaml).',
    );
  }
  if (more.length > 0) {
    throw new LintError(
      `--${name} and --${more[0]} say two places for the certificate and its key`,
      'Leave one of them out.',
    );
  }
  if (name === 'out-dir' && given.has('root')) {
    throw new LintError('--root is a place in values, and --out-dir writes none', seeHelp('generate'));
  }
  if (name === 'print' && given.has('force')) {
    throw new LintError('--force overwrites, and --print writes no file', seeHelp('generate'));
  }
  const value = given.last(name) ?? '';
  if (name === 'out-dir') return intoFolder(value, given.has('force'));
  return name === 'write' ? intoValues(value, root, given.has('force')) : asBlock(root);
}

function intoFolder(folder: string, isForced: boolean): Output {
  const [crt, key] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
  const [crtWord, keyWord] = [shellWord(crt), shellWord(key)];
  return {
    refuse: async () => {
      if (!isForced) refuseExisting([crt, key]);
    },
    write: async (pair) => {
      makeFolder(folder);
      (isForced ? createOrReplaceFiles : createFiles)([
        { path: key, text: pair.key, mode: 0o600 },
        { path: crt, text: pair.crt, mode: 0o644 },
      ]);
    },
    next: [
      `Written: ${displayFile(crt)}, and its private key ${displayFile(key)}, of mode 0600. Keep that out of Git.`,
      'To put both into values.yaml:',
      `  helm lightrun-cert encode --cert ${crtWord} --key ${keyWord} --write values.yaml`,
      'Or, to make a Secret that existing_cert can name:',
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
      'The file holds a private key now: keep it out of Git. To judge all of it:',
      `  ${lintCommand(file, root)}`,
    ],
  };
}

function asBlock(root: readonly string[]): Output {
  return {
    refuse: async () => {},
    write: async (pair, io) => io.stdout(`# Self-signed, for testing only.\n${certificateBlock(pair, root)}`),
    next: [
      'The block holds a private key: keep it out of Git. Once it is in values.yaml, judge that:',
      `  ${lintCommand('values.yaml', root)}`,
    ],
  };
}

function lintCommand(file: string, root: readonly string[]): string {
  const below = root.length > 0 ? ` --root ${shellWord(root.join('.'))}` : '';
  return `helm lightrun-cert lint${below} ${shellWord(file)}`;
}

/** A word as a POSIX shell takes it. */
function shellWord(text: string): string {
  const shown = displayFile(text);
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}
