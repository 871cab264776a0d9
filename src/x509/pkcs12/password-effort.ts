/** A MAC, certificates and a key of 800,000 rounds each, eight times what Java asked for at its most; some seconds. */
const MAX_ROUNDS = 2_400_000;

/** Thrown where keys would take too long to derive: a hostile file may ask for years. */
export class CostlyError extends Error {}

/** How much one file may make this program compute. */
export class Effort {
  #left = MAX_ROUNDS;

  /**
   * Counts rounds of a hash that are about to be computed.
   * @throws CostlyError where they are too many, together with all that were computed before
   */
  spend(rounds: number): void {
    this.#left -= rounds;
    if (this.#left < 0)
      throw new CostlyError('it asks for more rounds of key derivation than are tried here');
  }
}
