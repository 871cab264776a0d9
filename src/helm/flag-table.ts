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
