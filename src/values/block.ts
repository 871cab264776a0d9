export { certificateBlock } from '../mend/block.ts';
