import { LintError } from '../errors.ts';
import type { KeyKind } from '../self-signed/key-pair.ts';
import { PROGRAM } from '../text/shell.ts';
import { parseRelease, parseRoot, RELEASE_FLAG, ROOT_FLAG } from './check.ts';
import { HELP_FLAG, oneOf, readArguments, refuseSecondStdin, seeHelp } from './flags.ts';
import { parseHosts } from './generate.ts';
import type { CommandHelp } from './help.ts';

export const REQUEST_HELP: CommandHelp = {
  name: 'request',
  usage: 'request --host NAME... [--values FILE]',
  summary: 'make a certificate signing request for a CA',
  text: 'Makes a certificate signing request (PKCS#10) with subject alternative names, tls.csr, for a new private key, tls.key, or for the one in a values file: with the same private key the pin stays. Then it says what to send to the CA, and which command takes the answer.',
  flags: [
    {
      name: 'host',
      value: 'NAME',
      help: 'a DNS name or IP address for the certificate; more NAMEs may follow; repeatable',
    },
    {
      name: 'values',
      value: 'FILE',
      help: 'values file, or Secret manifest, whose private key is used; "-" is standard input',
    },
    {
      name: 'key',
      value: 'KIND',
      help: 'make a new private key: rsa2048, rsa4096, ec256 or ec384 (default: the one in the file of --values; without that, rsa2048)',
    },
    { name: 'out-dir', value: 'DIR', help: 'write tls.csr and tls.key (mode 0600) there (default: .)' },
    RELEASE_FLAG,
    ROOT_FLAG,
    {
      name: 'passphrase-file',
      value: 'FILE',
      help: 'passphrase of an encrypted private key (default: asked for at the terminal)',
    },
    HELP_FLAG,
  ],
  examples: [
    `${PROGRAM} request --host lightrun.example.com --values values.yaml`,
    `${PROGRAM} request --host lightrun.example.com --key ec256 --out-dir tls`,
    `kubectl get secret NAME -o yaml | ${PROGRAM} request --host lightrun.example.com --values -`,
  ],
  statuses: ['the request was written', null, 'nothing was written; standard error says why'],
};

/** The command line of `request`. */
export interface RequestOptions {
  hosts: readonly [string, ...string[]];
  /** The file whose private key is used; null for none. */
  values: string | null;
  /** The kind of a new private key; null for the one in `values`. */
  newKey: KeyKind | null;
  directory: string;
  release: string | null;
  root: readonly string[];
  passphraseFile: string | null;
}

const DEFAULT_DIRECTORY = '.';

/**
 * Reads the command line of `request`.
 * @throws LintError where it is wrong
 */
export async function requestOptions(args: readonly string[]): Promise<RequestOptions> {
  const given = readArguments(args, REQUEST_HELP);
  const values = given.last('values');
  const passphraseFile = given.last('passphrase-file');
  for (const name of ['root', 'release', 'passphrase-file']) {
    if (values === null && given.has(name)) {
      throw new LintError(`--${name} is about the file of --values, and there is none`, seeHelp('request'));
    }
  }
  refuseSecondStdin([values, passphraseFile], given);
  const { KEY_KINDS } = await import('../self-signed/key-pair.ts');
  const kind = oneOf(given, 'key', KEY_KINDS);
  return {
    hosts: parseHosts(given, 'request'),
    values,
    newKey: given.has('key') || values === null ? kind : null,
    directory: given.last('out-dir') ?? DEFAULT_DIRECTORY,
    release: parseRelease(given),
    root: parseRoot(given),
    passphraseFile,
  };
}
