/** A flag of a Helm command, as far as parsing a command line needs it. */
export interface HelmFlag {
  name: string;
  short?: string;
  /**
   * `value`: takes the next argument, whatever it looks like, unless it has a value after `=`. `optional`: has a value
   * only after `=`; a boolean is one of these.
   */
  kind: 'value' | 'optional';
}

export type HelmCommand = 'install' | 'upgrade' | 'template';

/** Flags of every Helm command; Helm hands only some of them to a plugin. */
const GLOBAL = {
  optional: 'debug kube-insecure-skip-tls-verify help/h',
  value: `burst-limit color colour content-cache kube-apiserver kube-as-group kube-as-user kube-ca-file kube-context
    kube-tls-server-name kube-token kubeconfig namespace/n qps registry-config repository-cache repository-config`,
};

/** Hidden ones, of Helm's logging library. */
const LOGGING = {
  optional: 'add-dir-header alsologtostderr logtostderr one-output skip-headers skip-log-headers',
  value: 'log-backtrace-at log-dir log-file log-file-max-size stderrthreshold v/v vmodule',
};

const COMMON = {
  optional: `atomic create-namespace dependency-update devel disable-openapi-validation dry-run enable-dns force
    force-conflicts force-replace hide-notes insecure-skip-tls-verify no-hooks pass-credentials plain-http
    render-subchart-notes rollback-on-failure skip-crds skip-schema-validation take-ownership verify wait
    wait-for-jobs`,
  value: `ca-file cert-file description key-file keyring labels/l password post-renderer post-renderer-args repo set
    set-file set-json set-literal set-string timeout username values/f version`,
};

const OWN = {
  install: {
    optional: 'generate-name/g hide-secret replace server-side',
    value: 'name-template output/o',
  },
  upgrade: {
    optional:
      'cleanup-on-fail hide-secret install/i recreate-pods reset-then-reuse-values reset-values reuse-values',
    value: 'history-max output/o server-side',
  },
  template: {
    optional: 'generate-name/g include-crds is-upgrade release-name replace server-side skip-tests validate',
    value: 'api-versions/a kube-version name-template output-dir show-only/s',
  },
};

const GLOBAL_NAMES = new Set(flagsOf(GLOBAL).map(({ name }) => name));
const LOGGING_NAMES = new Set(flagsOf(LOGGING).map(({ name }) => name));

/**
 * The flags of a command of Helm 3.17 and Helm 4.1 together.
 * @see `helm install --help` of both; no flag takes the next argument in only one of the two
 */
export function knownFlags(command: HelmCommand): HelmFlag[] {
  return [GLOBAL, LOGGING, COMMON, OWN[command]].flatMap(flagsOf);
}

/** Whether every Helm command has this flag, such as the namespace. */
export function isGlobal(name: string): boolean {
  return GLOBAL_NAMES.has(name) && name !== 'help';
}

/** The same, with hidden flags. */
export function isOfEveryCommand(name: string): boolean {
  return GLOBAL_NAMES.has(name) || LOGGING_NAMES.has(name);
}

/** The flags that a Helm command's own help lists. */
export function readHelp(text: string): HelmFlag[] {
  const line = /^ +(?:-(\w), )?--([\w-]+)(?: ([A-Za-z]\S*))?(?: {2,}|$)/gm;
  return Array.from(text.matchAll(line), ([, short, name = '', type]) => ({
    name,
    ...(short ? { short } : {}),
    kind: type === undefined || type.includes('[=') ? 'optional' : 'value',
  }));
}

function flagsOf(table: { optional: string; value: string }): HelmFlag[] {
  return (['optional', 'value'] as const).flatMap((kind) =>
    table[kind].split(/\s+/).map((text) => {
      const [name = '', short] = text.split('/');
      return { name, ...(short ? { short } : {}), kind };
    }),
  );
}

/** A flag of this program among Helm's. */
export interface OwnFlag {
  name: string;
  /** The name of its value in the help; none where it takes no value. */
  value?: string;
}

/** A flag of Helm as given. */
export interface GivenFlag {
  name: string;
  /** `true` for a boolean without a value; empty for another flag without its optional value. */
  value: string;
  /** The arguments that give just this flag. */
  words: readonly string[];
}

/** Whether a boolean flag is given as true (Go's strconv.ParseBool); the last one counts. */
export function isGivenTrue(flags: readonly GivenFlag[], name: string): boolean {
  const last = flags.filter((flag) => flag.name === name).at(-1);
  return last !== undefined && /^(?:1|t|T|TRUE|true|True)$/.test(last.value);
}

/** A parsed Helm command line. */
export interface HelmCommandLine {
  /** This program's own flags, as arguments. */
  own: readonly string[];
  /** All other arguments, unchanged and in the same order. */
  handedOn: readonly string[];
  flags: readonly GivenFlag[];
  positionals: readonly string[];
  /** The flags of every Helm command, such as the namespace, as arguments. */
  connection: readonly string[];
}

/** An argument that is not a known flag. */
export interface UnknownFlag {
  unknown: string;
}

/**
 * Parses the arguments of a Helm command as Helm does (spf13/pflag): flags anywhere, `--name=value`, `--name value`,
 * `-nvalue`, `-n=value`, combined short flags, `--` to end them. A flag that takes a value takes the next argument
 * whatever it looks like.
 * @param own flags of this program, in their long form
 * @param more flags that the running Helm has beyond those of the table
 */
export function readCommandLine(
  command: HelmCommand,
  words: readonly string[],
  own: readonly OwnFlag[],
  more: readonly HelmFlag[] = [],
): HelmCommandLine | UnknownFlag {
  const known = [...knownFlags(command), ...more];
  const line = {
    own: [] as string[],
    handedOn: [] as string[],
    flags: [] as GivenFlag[],
    positionals: [] as string[],
  };
  for (let at = 0; at < words.length; at += 1) {
    const word = String(words[at]);
    const read = readWord(word, words[at + 1], known, own);
    if (read === 'end') {
      line.handedOn.push(...words.slice(at));
      line.positionals.push(...words.slice(at + 1));
      break;
    }
    if ('unknown' in read) return read;
    const taken = words.slice(at, at + read.length);
    at += read.length - 1;
    if (read.kind === 'own') line.own.push(...taken);
    else line.handedOn.push(...taken);
    if (read.kind === 'positional') line.positionals.push(word);
    if (read.kind === 'flags') line.flags.push(...read.flags);
  }
  return {
    ...line,
    connection: line.flags.filter(({ name }) => isGlobal(name)).flatMap(({ words: each }) => each),
  };
}

type Read =
  | { kind: 'positional'; length: 1 }
  | { kind: 'own'; length: number }
  | { kind: 'flags'; length: number; flags: GivenFlag[] };

/** @param next the argument after it; undefined at the end */
function readWord(
  word: string,
  next: string | undefined,
  known: readonly HelmFlag[],
  own: readonly OwnFlag[],
): Read | UnknownFlag | 'end' {
  if (word === '--') return 'end';
  if (!word.startsWith('-') || word === '-') return { kind: 'positional', length: 1 };
  if (!word.startsWith('--')) return readShort(word, next, known);
  const [name, inline] = cut(word.slice(2));
  const ours = own.find((flag) => flag.name === name);
  if (ours) return { kind: 'own', length: ours.value && inline === null && next !== undefined ? 2 : 1 };
  const flag = known.find((each) => each.name === name);
  if (!flag) return { unknown: word };
  return given(flag, inline, next, 1);
}

/** `-gfx`: one short flag after another, until one takes the rest, or the next argument, as its value. */
function readShort(word: string, next: string | undefined, known: readonly HelmFlag[]): Read | UnknownFlag {
  const flags: GivenFlag[] = [];
  for (let at = 1; at < word.length; at += 1) {
    const flag = known.find(({ short }) => short === word.charAt(at));
    if (!flag) return { unknown: `-${word.charAt(at)}` };
    const rest = word.slice(at + 1);
    if (rest.startsWith('=') && rest.length > 1) return more(given(flag, rest.slice(1), next, 1));
    if (flag.kind === 'value') return more(given(flag, rest === '' ? null : rest, next, 1));
    const read = given(flag, null, next, 1);
    if ('unknown' in read || read.kind !== 'flags') return read;
    flags.push(...read.flags);
  }
  return { kind: 'flags', length: 1, flags };

  function more(read: Read | UnknownFlag): Read | UnknownFlag {
    return 'kind' in read && read.kind === 'flags' ? { ...read, flags: [...flags, ...read.flags] } : read;
  }
}

function given(
  flag: HelmFlag,
  inline: string | null,
  next: string | undefined,
  length: number,
): Read | UnknownFlag {
  if (flag.kind === 'value' && inline === null) {
    if (next === undefined) return { unknown: `--${flag.name}` };
    return { kind: 'flags', length: length + 1, flags: [flagOf(flag.name, next)] };
  }
  if (inline !== null) return { kind: 'flags', length, flags: [flagOf(flag.name, inline)] };
  return { kind: 'flags', length, flags: [{ name: flag.name, value: 'true', words: [`--${flag.name}`] }] };
}

function flagOf(name: string, value: string): GivenFlag {
  return { name, value, words: [`--${name}=${value}`] };
}

function cut(text: string): [string, string | null] {
  const at = text.indexOf('=');
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}
