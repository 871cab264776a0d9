import { readFileSync } from 'node:fs';
import { CannotJudge } from '../errors.ts';

const FLAG = '--kube-insecure-skip-tls-verify';

/**
 * Whether Helm took more of the command line than it should have: written without a value, this boolean flag makes
 * Helm drop the word behind it before a plugin sees it, be it the chart or a `-f`.
 * @param env of this process: Helm tells a plugin by it what it took away
 * @see Helm 3.17 and 4.1, measured: the arguments and the environment are alike for `=true`, which drops nothing
 */
export function lostWord(env: Readonly<Record<string, string | undefined>>): CannotJudge | null {
  const { HELM_PLUGIN_DIR, HELM_KUBEINSECURE_SKIP_TLS_VERIFY } = env;
  if (HELM_PLUGIN_DIR === undefined || HELM_KUBEINSECURE_SKIP_TLS_VERIFY !== 'true') return null;
  const words = parentWords();
  if (words !== null && !words.includes(FLAG)) return null;
  return new CannotJudge(
    `${FLAG} without a value makes Helm drop the word behind it before this plugin can see it`,
    words === null
      ? `Write it as ${FLAG}=true and name that in the kubeconfig instead: here it cannot be told whether a word was lost.`
      : `Write it as ${FLAG}=true.`,
  );
}

/** The command line of the Helm that called; null where the system does not tell. */
function parentWords(): string[] | null {
  try {
    if (process.platform === 'linux')
      return readFileSync(`/proc/${process.ppid}/cmdline`, 'utf8').split('\0');
    const { execFileSync } = process.getBuiltinModule('node:child_process');
    return execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(process.ppid)], { encoding: 'utf8' }).split(
      /\s+/,
    );
  } catch {
    return null;
  }
}
