import { join } from 'node:path';
import { displayNamed } from '../files/named.ts';
import { createFiles, createOrReplaceFiles, makeFolder, refuseExisting } from '../files/write.ts';
import type { PemPair } from '../fix/chain.ts';
import { certificateBlock, guardExistingKey, openValues, writeIntoValues } from '../fix/write-values.ts';
import type { Io } from '../io.ts';
import { displayFile, displayPath } from '../text/display.ts';
import { PROGRAM, shellFile, shellWord } from '../text/shell.ts';

/** Where the certificate and its private key go. */
export interface Output {
  /** @throws LintError where writing would overwrite a file or a private key */
  refuse(io: Io): Promise<void>;
  /** @throws LintError where it cannot be written; then nothing has changed */
  write(pair: PemPair, io: Io): Promise<void>;
  /** What to do next, in lines. */
  next: readonly string[];
}

/** Which of the three it is. */
export interface OutputTarget {
  kind: 'out-dir' | 'write' | 'print';
  /** Of the directory or values file; empty for standard output. */
  path: string;
  /** The path of the Lightrun chart's values; empty for the top. */
  root: readonly string[];
  /** Existing files and private keys are overwritten. */
  isForced: boolean;
}

export function outputOf({ kind, path, root, isForced }: OutputTarget): Output {
  if (kind === 'out-dir') return toDirectory(path, isForced);
  return kind === 'write' ? intoValues(path, root, isForced) : asBlock(root);
}

function toDirectory(directory: string, isForced: boolean): Output {
  const [crt, key] = [join(directory, 'tls.crt'), join(directory, 'tls.key')];
  // Before the folder is made: a private key may have been given in its place.
  const [shownCrt, shownKey] = [displayNamed(crt), displayNamed(key)];
  return {
    refuse: async () => {
      if (!isForced) refuseExisting([crt, key]);
    },
    write: async (pair, io) => {
      const files = [
        { path: key, text: pair.key, mode: 0o600 },
        { path: crt, text: pair.crt, mode: 0o644 },
      ];
      makeFolder(directory);
      if (isForced) createOrReplaceFiles(files, io);
      else createFiles(files);
    },
    next: [
      `Wrote ${shownCrt} and its private key ${shownKey} (mode 0600). Keep the key out of Git.`,
      ...(shownCrt === crt ? useLines(shellFile(crt), shellFile(key)) : []),
    ],
  };
}

/** How to use the files, by their names as words of a shell. */
function useLines(crt: string, key: string): string[] {
  return [
    'To put both into values.yaml:',
    `  ${PROGRAM} encode --cert ${crt} --key ${key} --write values.yaml`,
    'Or create a Secret for existing_cert to name:',
    `  kubectl create secret tls lightrun-tls --cert=${crt} --key=${key} --namespace NAMESPACE`,
  ];
}

function intoValues(file: string, root: readonly string[], isForced: boolean): Output {
  return {
    refuse: async (io) => {
      if (!isForced) await guardExistingKey(file, root, io);
    },
    write: async (pair, io) => void (await writeIntoValues(await openValues(file, io), root, pair, io)),
    next: [
      'The file now holds a private key: keep it out of Git. To check the whole file:',
      ...lintLines(file, root),
    ],
  };
}

function asBlock(root: readonly string[]): Output {
  return {
    refuse: async () => {},
    write: async (pair, io) => io.stdout(`# Self-signed, for testing only.\n${certificateBlock(pair, root)}`),
    next: [
      'The block holds a private key: keep it out of Git. Once it is in values.yaml, check the file:',
      ...lintLines('values.yaml', root),
    ],
  };
}

function lintLines(file: string, root: readonly string[]): string[] {
  if (displayFile(file) !== file || displayPath(root) !== root.join('.')) return [];
  const flag = root.length > 0 ? ` --root ${shellWord(root.join('.'))}` : '';
  return [`  ${PROGRAM} lint${flag} ${shellFile(file)}`];
}
