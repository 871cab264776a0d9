import type { Flag } from './flags.ts';
import { caFileFlag, JUDGING_FLAGS } from './check-options.ts';
import { COLOR_FLAG, reportFlags } from '../report/write.ts';

/** The flags of `post-render`. */
export const POST_RENDER_FLAGS: readonly Flag[] = [
  { name: 'secret', value: 'NAME', help: 'the Secret to judge (default: the one the chart makes)' },
  ...JUDGING_FLAGS.filter(({ name }) => name !== 'root'),
  caFileFlag(),
  ...reportFlags(),
  COLOR_FLAG,
  { name: 'help', short: 'h', help: 'show this help' },
];
