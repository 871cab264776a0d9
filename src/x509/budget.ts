/** Rounds of PBKDF2: some two seconds of a slow processor. */
const MOST = 2_000_000;

/**
 * What a target may still cost in all that hostile input can make dear: key derivations, signature checks, comparisons of
 * names. One unit is a round of PBKDF2 with SHA-512, a third of a microsecond. What is read in a time that grows with the
 * bytes alone (YAML, ASN.1) has bounds of its own.
 */
export class Budget {
  #left: number;

  constructor(left = MOST) {
    this.#left = left;
  }

  /** Takes a cost from what is left, before it arises; false, and nothing is taken, where that is not enough. */
  spend(cost: number): boolean {
    if (cost > this.#left) return false;
    this.#left -= cost;
    return true;
  }
}
