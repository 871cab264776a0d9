import { LintError } from '../errors.ts';
import { type Helm, helmOf } from '../helm/helm.ts';
import type { Io } from '../io.ts';
import { type Arguments, type Flag, quote } from './flags.ts';

const DEFAULT_SECONDS = 60;
const MOST_SECONDS = 86_400;

/** How long Helm may take for an answer. */
export const HELM_TIMEOUT_FLAG: Flag = {
  name: 'helm-timeout',
  value: 'SECONDS',
  help: `how long Helm may take for an answer, such as fetching a chart (default: ${DEFAULT_SECONDS})`,
};

/** Helm takes these away before a plugin sees them; they are for the command without Helm. */
export const CONNECTION_FLAGS: readonly Flag[] = [
  { name: 'namespace', short: 'n', value: 'NAME', help: 'the namespace of the release' },
  { name: 'kube-context', value: 'NAME', help: 'the context of the kubeconfig' },
  { name: 'kubeconfig', value: 'FILE', help: 'the kubeconfig' },
];

/** The Helm to ask, with the connection that the flags name. */
export function helmFrom(given: Arguments, io: Io): Helm {
  const connection = CONNECTION_FLAGS.flatMap(({ name }) => {
    const value = given.last(name);
    return value === null ? [] : [`--${name}=${value}`];
  });
  return helmOf(io.env, connection, timeoutOf(given));
}

/**
 * `--helm-timeout SECONDS`, in milliseconds.
 * @throws LintError where it is no whole number of seconds
 */
export function timeoutOf(given: Arguments | null): number {
  const text = given?.last('helm-timeout');
  if (text === null || text === undefined) return DEFAULT_SECONDS * 1000;
  const seconds = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= MOST_SECONDS) return seconds * 1000;
  throw new LintError(
    `--helm-timeout ${quote(text)} is no number of seconds`,
    `Write a whole number from 1 to ${MOST_SECONDS}.`,
  );
}
