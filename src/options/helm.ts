import { LintError } from '../errors.ts';
import { type Helm, helmOf } from '../helm/helm.ts';
import type { Io } from '../io.ts';
import { quote } from '../text/display.ts';
import type { Arguments, Flag } from './flags.ts';

const DEFAULT_SECONDS = 60;
const MOST_SECONDS = 86_400;

/** How long to wait for Helm. */
export const HELM_TIMEOUT_FLAG: Flag = {
  name: 'helm-timeout',
  value: 'SECONDS',
  help: `how long each call of Helm may take, such as fetching a chart (default: ${DEFAULT_SECONDS})`,
};

/** Helm removes these before a plugin sees them; they are for the command without Helm. */
export const CONNECTION_FLAGS: readonly Flag[] = [
  { name: 'namespace', short: 'n', value: 'NAME', help: 'namespace of the release' },
  { name: 'kube-context', value: 'NAME', help: 'context of the kubeconfig' },
  { name: 'kubeconfig', value: 'FILE', help: 'path of the kubeconfig' },
];

/** The Helm to ask, with the connection that the flags name. */
export function helmFrom(given: Arguments, io: Io): Helm {
  const connection = CONNECTION_FLAGS.flatMap(({ name }) => {
    const value = given.last(name);
    return value === null ? [] : [`--${name}=${value}`];
  });
  return helmOf(io, connection, parseTimeout(given));
}

/**
 * Reads `--helm-timeout SECONDS`.
 * @returns milliseconds
 * @throws LintError where it is not a whole number of seconds
 */
export function parseTimeout(given: Arguments | null): number {
  const text = given?.last('helm-timeout');
  if (text === null || text === undefined) return DEFAULT_SECONDS * 1000;
  const seconds = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= MOST_SECONDS) return seconds * 1000;
  throw new LintError(
    `--helm-timeout ${quote(text)} is not a valid number of seconds`,
    `Write a whole number from 1 to ${MOST_SECONDS}.`,
  );
}
