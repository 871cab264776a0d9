import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** An `exec:` below a user, in YAML or JSON. */
const EXEC = /(?:^|[\s{,])["']?exec["']?\s*:/m;

/**
 * Whether a kubeconfig names a program that logs in (`users[].user.exec`): it may write to standard error and read the
 * terminal. What cannot be read names none.
 * @param connection Helm's arguments that lead to the cluster
 */
export function hasCredentialPlugin(env: Environment, connection: readonly string[]): boolean {
  const flag = connection.findLast((word) => word.startsWith('--kubeconfig='));
  const named = flag?.slice(flag.indexOf('=') + 1) || env.KUBECONFIG;
  const files = named ? named.split(delimiter) : [join(homedir(), '.kube', 'config')];
  return files.some((file) => EXEC.test(textOf(file)));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Lines that Helm and its libraries log. After `Error:` all is Helm's. */
const OF_HELM = /^(?:WARNING: |[IWEF]\d{4} |\d{4}[/-]\d\d[/-]\d\d |[\w.-]+\.go:\d+|time=|level=)/;
const ERROR = 'Error: ';
const UNFINISHED = [ERROR, 'WARNING: ', 'time=', 'level='];
const PAUSE = 150;
const LONGEST = 2_000;

/** What a credential plugin writes among Helm's own lines. */
export interface PluginWords {
  take(chunk: string): void;
  /** Takes the rest. @returns its last words */
  end(): string;
}

/**
 * Tells what a credential plugin writes from what Helm writes on the same standard error, as it comes: a line at a time,
 * and after a pause also a prompt that no line break ends.
 * @param say is given each piece
 */
export function pluginWords(say: (text: string) => void): PluginWords {
  let rest = '';
  let said = '';
  let isOfHelm = false;
  let timer: NodeJS.Timeout | undefined;
  const tell = (text: string) => {
    if (text === '' || OF_HELM.test(text)) return;
    said = (said + text).slice(-LONGEST);
    say(text);
  };
  const takeLines = () => {
    for (let end = rest.indexOf('\n'); end >= 0 && !isOfHelm; end = rest.indexOf('\n')) {
      isOfHelm = rest.startsWith(ERROR);
      if (!isOfHelm) tell(rest.slice(0, end + 1));
      rest = rest.slice(end + 1);
    }
  };
  const takePrompt = () => {
    if (isOfHelm || UNFINISHED.some((each) => each.startsWith(rest) || rest.startsWith(each))) return;
    tell(rest);
    rest = '';
  };
  return {
    take(chunk) {
      clearTimeout(timer);
      rest += chunk;
      takeLines();
      if (rest !== '') timer = setTimeout(takePrompt, PAUSE);
    },
    end() {
      clearTimeout(timer);
      takePrompt();
      return said;
    },
  };
}
