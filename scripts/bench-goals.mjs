// What the rows of the benchmark should cost: as ratios of bare Node (`node -e 0`) of the same version.

/** @typedef {'version' | 'existing' | 'chain' | 'large'} Row */

/** Node 20 takes so long to start that little is left to see; later ones start in less than half of its time. */
const RATIOS = {
  20: { version: 1.04, existing: 1.12, chain: 1.38, large: 1.45 },
  22: { version: 1.1, existing: 1.2, chain: 1.9, large: 2.05 },
};

/** A file of 1,100 lines among 300: milliseconds on the wall and of a processor; and mebibytes for all of them. */
export const MANY_GOALS = { wall: 4.5, processor: 4.5, memory: 150 };

/** How far beyond its goal a cost may be. */
const SLACK = 1.25;

/**
 * The goal of a row.
 *
 * @param {Row} row
 * @param {string} version of Node, such as 24.21.0
 */
export function goalOf(row, version) {
  return RATIOS[Number.parseInt(version, 10) < 22 ? 20 : 22][row];
}

/**
 * Whether what a row costs beyond bare Node is more than a quarter above what its goal allows.
 *
 * @param {number} ratio
 * @param {number} goal
 */
export function isAboveGoal(ratio, goal) {
  return !(ratio - 1 <= (goal - 1) * SLACK);
}

/** Whether a figure that has nothing to do with bare Node is more than a quarter above its goal. */
export function isAbove(/** @type {number} */ figure, /** @type {number} */ goal) {
  return !(figure <= goal * SLACK);
}
