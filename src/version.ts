import manifest from '../package.json' with { type: 'json' };

/** The version of this program; `package.json` is its one place. */
export const version: string = manifest.version;

/** Where its documentation is. */
export const homepage: string = manifest.homepage;
