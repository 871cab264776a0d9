import { COLOR_FLAG, reportFlags } from '../report/write.ts';
import { CHECK_FLAGS, caFileFlag } from './check-options.ts';
import type { Flag } from './flags.ts';

/** The flags of `post-render`. */
export const POST_RENDER_FLAGS: readonly Flag[] = [
  { name: 'secret', value: 'NAME', help: 'the Secret to judge (default: the one the chart makes)' },
  ...CHECK_FLAGS.filter(({ name }) => name !== 'root'),
  caFileFlag(),
  ...reportFlags(),
  COLOR_FLAG,
  { name: 'help', short: 'h', help: 'show this help' },
];
