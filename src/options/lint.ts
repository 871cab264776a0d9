import { COLOR_FLAG, reportFlags } from '../report/write.ts';
import { CHECK_FLAGS, caFileFlag } from './check-options.ts';
import type { Flag } from './flags.ts';
import { CONNECTION_FLAGS, HELM_TIMEOUT_FLAG } from './helm.ts';

/** The flags by which Helm is told of values. */
export const VALUES_FLAGS: readonly Flag[] = [
  {
    name: 'values',
    short: 'f',
    value: 'FILE',
    help: 'judge the one set of values that Helm merges; repeatable',
  },
  { name: 'set', value: 'KEY=VALUE', help: 'as in Helm; so are the next four; repeatable' },
  { name: 'set-string', value: 'KEY=VALUE', help: 'a value that is always a text' },
  { name: 'set-file', value: 'KEY=FILE', help: 'a value from a file' },
  { name: 'set-json', value: 'KEY=JSON', help: 'a value as JSON' },
  { name: 'set-literal', value: 'KEY=VALUE', help: 'a text taken as it stands' },
];

/** The flags that name a chart. */
export const CHART_FLAGS: readonly Flag[] = [
  {
    name: 'chart',
    value: 'CHART',
    help: "start from this chart's own values: a folder, an archive, repo/name, oci://…",
  },
  { name: 'version', value: 'VERSION', help: 'the version of the chart' },
  { name: 'repo', value: 'URL', help: 'the repository of the chart' },
];

const FIX_FLAGS: readonly Flag[] = [
  { name: 'fix', help: 'mend, in place, what has one right answer; then judge the rest' },
  { name: 'dry-run', help: 'with --fix: only say what would be mended' },
];

const CLUSTER_FLAG: Flag = {
  name: 'cluster',
  help: 'read the Secret that existing_cert names from the cluster, and judge what is in it',
};

export const LINT_FLAGS: readonly Flag[] = [
  ...FIX_FLAGS,
  ...VALUES_FLAGS,
  ...CHART_FLAGS,
  CLUSTER_FLAG,
  ...CONNECTION_FLAGS,
  HELM_TIMEOUT_FLAG,
  {
    name: 'partial',
    help: 'the file is one of several that Helm will merge: what is missing is not held against it',
  },
  ...CHECK_FLAGS,
  caFileFlag(),
  ...reportFlags(),
  COLOR_FLAG,
  { name: 'help', short: 'h', help: 'show this help' },
];
