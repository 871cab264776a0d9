import { reportFlags } from '../report/write.ts';
import { CHECK_FLAGS, caFileFlag } from './check-options.ts';
import type { Flag } from './flags.ts';
import { HELM_TIMEOUT_FLAG } from './helm.ts';

/** What stands before the name of a flag of ours where Helm has one of that name. */
export const PREFIX = 'lint-';

/** The flags that the gate takes for itself; all others are Helm's. */
export const GATE_FLAGS: readonly Flag[] = [
  ...CHECK_FLAGS,
  { name: 'cluster', help: 'judge the Secret that existing_cert names (the default of install and upgrade)' },
  { name: 'no-cluster', help: 'leave what is in that Secret unjudged' },
  HELM_TIMEOUT_FLAG,
  caFileFlag(PREFIX),
  ...reportFlags(PREFIX),
];
