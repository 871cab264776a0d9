import { LintError } from '../errors.ts';

/** A file of manifests was named, and nothing in it is of Lightrun. */
export class NothingOfLightrun extends LintError {}
