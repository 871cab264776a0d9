import { LintError } from '../errors.ts';
import { displayNamed } from '../files/named.ts';
import { STDIN } from '../files/read.ts';
import type { Helm } from '../helm/helm.ts';
import type { Io } from '../io.ts';
import { quote } from '../text/display.ts';
import { isSecretName } from '../text/names.ts';
import { PROGRAM } from '../text/shell.ts';
import type { KnownRoots } from '../x509/roots.ts';
import { caFileFlag, parseRoot, parseTime, ROOT_FLAG, readRoots } from './check.ts';
import { type Arguments, HELP_FLAG, oneOf, readArguments, refuseSecondStdin } from './flags.ts';
import { CONNECTION_FLAGS, HELM_TIMEOUT_FLAG, helmFrom } from './helm.ts';
import type { CommandHelp } from './help.ts';
import { COLOR_FLAG, parseColor, type TextLayout, textLayout } from './report.ts';

const FORMATS = ['text', 'json'] as const;
const DEFAULT_FILE = 'values.yaml';

export const INSPECT_HELP: CommandHelp = {
  name: 'inspect',
  usage: 'inspect [FILE]',
  summary: 'show the chain, validity, private key and pin',
  text: 'Shows what is in a values file, in a file of certificates (PEM, DER, PKCS#7, PKCS#12, a Secret manifest, an answer of Vault), or in a Secret of the cluster: each certificate with its names and validity, whether the private key matches, the pin, the trust anchor. It only shows; lint checks. Without a FILE it reads values.yaml; "-" is standard input.',
  flags: [
    { name: 'secret', value: 'NAME', help: 'show this Secret of the cluster instead of a file' },
    ...CONNECTION_FLAGS,
    HELM_TIMEOUT_FLAG,
    ROOT_FLAG,
    {
      name: 'passphrase-file',
      value: 'FILE',
      help: 'passphrase of a PKCS#12 file (default: asked for at the terminal) or an encrypted private key',
    },
    { name: 'at', value: 'TIME', help: 'show validity at this time, such as 2027-01-31 (default: now)' },
    caFileFlag(),
    { name: 'format', value: 'FORMAT', help: 'text or json (default: text)' },
    COLOR_FLAG,
    HELP_FLAG,
  ],
  examples: [
    `${PROGRAM} inspect values.yaml`,
    `${PROGRAM} inspect full-chain.crt`,
    `${PROGRAM} inspect lightrun.pfx`,
    `${PROGRAM} inspect --secret lightrun-tls -n lightrun`,
  ],
  statuses: ['everything in it could be read', null, 'something could not be read; standard error says why'],
};

/** The command line of `inspect`. */
export interface InspectOptions {
  /** What to look into: a file, or a Secret of the cluster. */
  from:
    | { file: string; root: readonly string[]; passphraseFile: string | null }
    | { secret: string; helm: Helm };
  at: Date;
  /** Known roots: the public ones and those of `--ca-file`; null where no such file was given. */
  roots: KnownRoots | null;
  format: (typeof FORMATS)[number];
  layout: TextLayout;
}

/**
 * Reads the command line of `inspect`, and the files of `--ca-file`.
 * @throws LintError where it is wrong
 */
export async function inspectOptions(args: readonly string[], io: Io): Promise<InspectOptions> {
  const given = readArguments(args, INSPECT_HELP);
  const format = oneOf(given, 'format', FORMATS);
  const color = parseColor(given);
  const at = parseTime(given, io.now());
  const from = given.has('secret') ? secretOf(given, io) : fileOf(given);
  return {
    from,
    at,
    roots: await readRoots(given.all('ca-file'), io),
    format,
    layout: textLayout({ color, stream: 'stdout' }, io),
  };
}

function fileOf(given: Arguments): InspectOptions['from'] {
  const [file = DEFAULT_FILE, ...more] = given.positionals;
  if (more.length > 0) throw new LintError('inspect takes one FILE', given.seeHelp);
  const passphraseFile = given.last('passphrase-file');
  if (file === STDIN) refuseSecondStdin([file, passphraseFile, ...given.all('ca-file')], given);
  return { file, root: parseRoot(given), passphraseFile };
}

function secretOf(given: Arguments, io: Io): InspectOptions['from'] {
  const [file] = given.positionals;
  if (file !== undefined) {
    throw new LintError(
      `--secret reads the cluster, so no FILE can be given: ${displayNamed(file)}`,
      'Leave one of the two out.',
    );
  }
  for (const flag of ['root', 'passphrase-file']) {
    if (!given.has(flag)) continue;
    throw new LintError(`--${flag} is for files, and --secret reads none`, given.seeHelp);
  }
  const secret = given.last('secret') ?? '';
  if (isSecretName(secret)) return { secret, helm: helmFrom(given, io) };
  throw new LintError(
    `--secret ${quote(secret, 'object name')} is not a valid name of a Secret`,
    'List the names of Secrets:\n  kubectl get secrets --namespace NAMESPACE',
  );
}
