import { delimiter, join } from 'node:path';

/** Helm's flags that name a file to read, beside those of values. */
export const FILE_FLAGS = [
  'ca-file',
  'cert-file',
  'key-file',
  'keyring',
  'kube-ca-file',
  'kubeconfig',
  'post-renderer',
  'registry-config',
  'repository-config',
];

/**
 * The files that Helm reads without any flag: kubeconfigs, and its own configuration.
 * @see Helm, `helm help`; k8s.io/client-go, NewDefaultClientConfigLoadingRules
 */
export function implicitInputs(env: Readonly<Record<string, string | undefined>>): string[] {
  const home = env.HOME || env.USERPROFILE || '';
  const config = env.HELM_CONFIG_HOME || join(env.XDG_CONFIG_HOME || join(home, '.config'), 'helm');
  return [
    ...(env.KUBECONFIG ? env.KUBECONFIG.split(delimiter) : [join(home, '.kube', 'config')]),
    env.HELM_KUBECAFILE ?? '',
    env.HELM_REPOSITORY_CONFIG || join(config, 'repositories.yaml'),
    env.HELM_REGISTRY_CONFIG || join(config, 'registry', 'config.json'),
    join(env.DOCKER_CONFIG || join(home, '.docker'), 'config.json'),
    join(home, '.gnupg', 'pubring.gpg'),
  ].filter((path) => path !== '');
}
